import { ConnType, type ServerMessageInit } from "@pulpit/wire";
import type { Random } from "../crypto/crypto.ts";

/**
 * The first message of a peer at a relay. `licenceKey`: text of the server key; `ticket`: the ID server's, for relays
 * that want one (docs/protocol/rendezvous.md, section 4.13, and extensions.md).
 */
export function joinRelay(join: {
  readonly uuid: string;
  readonly licenceKey: string;
  readonly hostId?: string;
  readonly ticket?: Uint8Array;
}): ServerMessageInit {
  const { uuid, licenceKey, hostId = "", ticket: relayTicket = new Uint8Array(0) } = join;
  return {
    case: "requestRelay",
    value: { id: hostId, uuid, licenceKey, relayTicket, connType: ConnType.DEFAULT_CONN },
  };
}

/** A viewer's wish that the host come to a relay, to the ID server. */
export function askForRelay(ask: {
  readonly hostId: string;
  readonly uuid: string;
  readonly relayServer: string;
  readonly licenceKey: string;
}): ServerMessageInit {
  const { hostId, uuid, relayServer, licenceKey } = ask;
  return { case: "requestRelay", value: { id: hostId, uuid, relayServer, licenceKey, secure: true } };
}

/** A fresh UUID v4 as text: what two peers show a relay to be joined. */
export function freshUuid(random: Random): string {
  const bytes = random.bytes(16);
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
