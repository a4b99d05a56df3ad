/** STUN numbers of RFC 8489, sections 5 and 14, and of RFC 5780 where named. */
export const BINDING_REQUEST = 0x0001;
export const BINDING_SUCCESS = 0x0101;
export const BINDING_ERROR = 0x0111;
/** RFC 5780, section 7.2: from where the answer shall come. Its value: four bytes with these two bits. */
export const CHANGE_REQUEST = 0x0003;
export const CHANGE_ADDRESS = 4;
export const CHANGE_PORT = 2;
export const ERROR_CODE = 0x0009;
export const UNKNOWN_ATTRIBUTES = 0x000a;
export const XOR_MAPPED_ADDRESS = 0x0020;
export const FINGERPRINT = 0x8028;

/** The four bytes that make a datagram a STUN message. */
export const MAGIC_COOKIE = 0x2112a442;
export const HEADER_BYTES = 20;
/** Longest message that is read, bytes: one that fits every network, RFC 8489, section 6.1. */
const MAX_MESSAGE = 548;
/** Attributes of one message; real requests have a handful. */
const MAX_ATTRIBUTES = 32;

export interface StunAttribute {
  readonly type: number;
  readonly value: Uint8Array;
}

export interface StunMessage {
  /** Class and method together, as on the wire. */
  readonly type: number;
  /** 12 bytes. */
  readonly transaction: Uint8Array;
  readonly attributes: readonly StunAttribute[];
}

/** The message in a datagram; undefined when its lengths do not add up or it is longer than anybody needs. */
export function decodeStun(datagram: Uint8Array): StunMessage | undefined {
  if (datagram.length < HEADER_BYTES || datagram.length > MAX_MESSAGE) return undefined;
  const data = view(datagram);
  // The first two bits of every STUN message are zero.
  if (data.getUint8(0) >= 0x40 || data.getUint32(4) !== MAGIC_COOKIE) return undefined;
  const length = data.getUint16(2);
  if (length % 4 !== 0 || HEADER_BYTES + length !== datagram.length) return undefined;
  const attributes: StunAttribute[] = [];
  let at = HEADER_BYTES;
  while (at < datagram.length) {
    const size = data.getUint16(at + 2);
    const next = at + 4 + padded(size);
    if (next > datagram.length || attributes.length >= MAX_ATTRIBUTES) return undefined;
    attributes.push({ type: data.getUint16(at), value: datagram.subarray(at + 4, at + 4 + size) });
    at = next;
  }
  return { type: data.getUint16(0), transaction: datagram.subarray(8, HEADER_BYTES), attributes };
}

/** The datagram for a message. `fingerprint`: whether the check of `crc32` is added, as the last attribute. */
export function encodeStun(message: StunMessage, fingerprint: boolean): Uint8Array<ArrayBuffer> {
  const body = message.attributes.reduce((sum, { value }) => sum + 4 + padded(value.length), fingerprint ? 8 : 0);
  const datagram = new Uint8Array(HEADER_BYTES + body);
  const data = view(datagram);
  data.setUint16(0, message.type);
  data.setUint16(2, body);
  data.setUint32(4, MAGIC_COOKIE);
  datagram.set(message.transaction, 8);
  let at = HEADER_BYTES;
  for (const { type, value } of message.attributes) {
    data.setUint16(at, type);
    data.setUint16(at + 2, value.length);
    datagram.set(value, at + 4);
    at += 4 + padded(value.length);
  }
  if (fingerprint) {
    data.setUint16(at, FINGERPRINT);
    data.setUint16(at + 2, 4);
    data.setUint32(at + 4, fingerprintOf(datagram.subarray(0, at)));
  }
  return datagram;
}

/** Value of the FINGERPRINT attribute over what precedes it, RFC 8489, section 14.7. */
export function fingerprintOf(preceding: Uint8Array): number {
  return (crc32(preceding) ^ 0x5354554e) >>> 0;
}

/** CRC-32 of ITU V.42, bit by bit: messages are short, and a table would be state. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb8_8320 : 0);
  }
  return ~crc >>> 0;
}

function padded(length: number): number {
  return (length + 3) & ~3;
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
