import { MAX_ROW_ID } from "./presence-rows.ts";

/** Larger datagrams are none of ours, bytes (docs/protocol/wire.md, section 3). */
export const MAX_DATAGRAM = 1500;

/** What an ID server takes by datagram (docs/protocol/rendezvous.md, section 1.1). */
export type DatagramKind =
  | "registerPeer"
  | "registerPk"
  | "punchHoleSent"
  | "testNatRequest"
  | "softwareUpdate"
  /** A STUN Binding request (RFC 8489): its first byte is none of a message. */
  | "stun";

/** By the first byte of the message; where there are two, the second is 1. */
const KINDS: Readonly<Record<number, DatagramKind>> = {
  50: "registerPeer",
  82: "punchHoleSent",
  122: "registerPk",
  138: "softwareUpdate",
  162: "testNatRequest",
};

/** What a datagram seems to be, by its first field and whether that is all there. Undefined: nothing for a server. */
export function datagramKind(data: Uint8Array, at: number, length: number): DatagramKind | undefined {
  if (length < 2 || length > MAX_DATAGRAM) return undefined;
  const first = data[at] as number;
  if (first === 0) return isStun(data, at, length) ? "stun" : undefined;
  const kind = KINDS[first];
  if (kind === undefined) return undefined;
  let position = 1;
  if (first >= 0x80 && data[at + position++] !== 1) return undefined;
  if (position >= length) return undefined;
  let size = data[at + position++] as number;
  if (size >= 0x80) {
    // Two bytes reach further than a datagram does.
    if (position >= length || (data[at + position] as number) >= 0x80) return undefined;
    size = (size & 0x7f) | ((data[at + position++] as number) << 7);
  }
  return position + size <= length ? kind : undefined;
}

/** The header of a Binding request; what follows is looked at where it is answered. */
function isStun(data: Uint8Array, at: number, length: number): boolean {
  return length >= 20 && data[at + 1] === 1 && STUN_COOKIE.every((byte, i) => data[at + 4 + i] === byte);
}

const STUN_COOKIE: readonly number[] = [0x21, 0x12, 0xa4, 0x42];

/** RegisterPeer's ID is found here, in every one that an encoder makes. */
export const ID_AT = 4;

/**
 * The serial of a RegisterPeer whose ID is `data[at + 3]` visible ASCII characters from ID_AT; undefined for one
 * that is written in any other way, which takes a real decoder.
 */
export function plainRegisterPeer(data: Uint8Array, at: number, length: number): number | undefined {
  const idLength = data[at + 3] as number;
  if (length < 5 || length > 0x81 || data[at + 1] !== length - 2 || data[at + 2] !== 0x0a) return undefined;
  if (idLength === 0 || idLength > MAX_ROW_ID || ID_AT + idLength > length) return undefined;
  for (let i = 0; i < idLength; i++) {
    const code = data[at + ID_AT + i] as number;
    if (code <= 0x20 || code >= 0x7f) return undefined;
  }
  let position = ID_AT + idLength;
  if (position === length) return 0;
  if (data[at + position++] !== 0x10) return undefined;
  let serial = 0;
  for (let shift = 0; position < length && shift <= 21; shift += 7) {
    const byte = data[at + position++] as number;
    serial |= (byte & 0x7f) << shift;
    if (byte < 0x80) return position === length ? serial : undefined;
  }
  return undefined;
}
