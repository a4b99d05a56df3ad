import { sourceOf } from "./budget.ts";

/** What the ID server keeps of a device (docs/protocol/rendezvous.md, section 5.2). */
export interface DeviceRecord {
  readonly id: string;
  /** Opaque bytes the device chose; an ID belongs to the first that claims it. */
  readonly uuid: Uint8Array;
  /** 32-byte Ed25519 key. */
  readonly publicKey: Uint8Array;
  /** IP address of its last key registration. */
  readonly address: string;
}

/** What is stored of devices. A port: the broker asks, the server's database answers. */
export interface Directory {
  get(id: string): DeviceRecord | undefined;
}

/** An IP address and port as a server sees a sender. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

function isLoopback(host: string): boolean {
  return host === "::1" || host.startsWith("127.");
}

/**
 * A host may answer from another address than it registered from, and still be seen to be the same machine: on the
 * server's own by any local one, over IPv6 by any of its network, of which many change theirs now and then.
 */
export function sameMachine(registered: string, answering: string): boolean {
  return sourceOf(registered) === sourceOf(answering) || (isLoopback(registered) && isLoopback(answering));
}
