/** Bytes in front of every datagram of a session (docs/protocol/wire.md, section 5.2). */
export const SESSION_HEADER = 14;
/** Longest datagram taken, bytes: stock's have at most 1214, and what is much longer is not of this protocol. */
const MAX_DATAGRAM = 2048;

/** Bits of a session header. */
export const SessionFlag = {
  syn: 0x01,
  ack: 0x02,
  fin: 0x04,
  data: 0x08,
  rst: 0x10,
  ping: 0x20,
  pong: 0x40,
} as const;

/** Which session a datagram belongs to: the same three numbers both ways, 32 bits each. */
export interface SessionName {
  readonly conversation: number;
  readonly source: number;
  readonly destination: number;
}

/** A datagram of a session. `flags`: the byte as it came. `payload`: a view of what follows the header. */
export interface SessionPacket {
  readonly name: SessionName;
  readonly flags: number;
  readonly payload: Uint8Array;
}

/** Undefined for what is too short to be one, which stock ignores, as it does the reserved byte; or too long. */
export function sessionPacketIn(datagram: Uint8Array): SessionPacket | undefined {
  if (datagram.length < SESSION_HEADER || datagram.length > MAX_DATAGRAM) return undefined;
  const view = new DataView(datagram.buffer, datagram.byteOffset, SESSION_HEADER);
  return {
    name: {
      conversation: view.getUint32(0, true),
      source: view.getUint32(4, true),
      destination: view.getUint32(8, true),
    },
    flags: view.getUint8(12),
    payload: datagram.subarray(SESSION_HEADER),
  };
}

/** A header alone: a whole datagram, or the beginning of one. */
export function sessionHeader(name: SessionName, flags: number): Uint8Array {
  const header = new Uint8Array(SESSION_HEADER);
  const view = new DataView(header.buffer);
  view.setUint32(0, name.conversation, true);
  view.setUint32(4, name.source, true);
  view.setUint32(8, name.destination, true);
  view.setUint8(12, flags);
  return header;
}

export function sameSession(a: SessionName, b: SessionName): boolean {
  return a.conversation === b.conversation && a.source === b.source && a.destination === b.destination;
}
