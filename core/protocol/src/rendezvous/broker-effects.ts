import type { ServerMessageInit } from "@pulpit/wire";
import type { DeviceRecord, Endpoint } from "./device.ts";
import type { Present } from "./presence.ts";

/** What the ID server does about a message. */
export type BrokerEffect =
  | { readonly type: "sendDatagram"; readonly to: Endpoint; readonly message: ServerMessageInit }
  | { readonly type: "send"; readonly connection: number; readonly message: ServerMessageInit }
  /** The conversation on this connection is over. */
  | { readonly type: "close"; readonly connection: number }
  /** This connection stays for long: a beat now and then shows both sides that the other is there. */
  | { readonly type: "keep"; readonly connection: number }
  /** To be stored before anything that comes after it in the list is done. */
  | { readonly type: "remember"; readonly record: DeviceRecord }
  | { readonly type: "rename"; readonly from: string; readonly to: string }
  /** An administrator is asked: may this device come in, or have this key? */
  | { readonly type: "ask"; readonly wish: "enrolment" | "key"; readonly record: DeviceRecord };

/** A message to a host, however it is registered. */
export function toHost({ connection, endpoint }: Present, message: ServerMessageInit): BrokerEffect {
  return connection === undefined
    ? { type: "sendDatagram", to: endpoint, message }
    : { type: "send", connection, message };
}

/** One answer, then the end: what stock servers do with everything but introductions. */
export function answer(connection: number, message: ServerMessageInit): readonly BrokerEffect[] {
  return [
    { type: "send", connection, message },
    { type: "close", connection },
  ];
}
