import { encodeMappedAddress } from "./mapped-address.ts";
import {
  BINDING_ERROR,
  BINDING_REQUEST,
  BINDING_SUCCESS,
  CHANGE_ADDRESS,
  CHANGE_PORT,
  CHANGE_REQUEST,
  decodeStun,
  ERROR_CODE,
  encodeStun,
  FINGERPRINT,
  fingerprintOf,
  HEADER_BYTES,
  MAGIC_COOKIE,
  type StunAttribute,
  UNKNOWN_ATTRIBUTES,
  XOR_MAPPED_ADDRESS,
} from "./message.ts";

/** Attributes from here on may be ignored by who does not know them (RFC 8489, section 14). */
const OPTIONAL_FROM = 0x8000;
/**
 * Those below it that a request may carry and that ask nothing of a server without accounts: USERNAME and
 * MESSAGE-INTEGRITY(-SHA256) of a client that checks, PRIORITY and USE-CANDIDATE of one that confuses us with a peer.
 */
const UNDERSTOOD: ReadonlySet<number> = new Set([0x0006, 0x0008, 0x001c, 0x0024, 0x0025]);
/** Unknown ones that are told back; there need not be all, and an answer has its bound. */
const MAX_TOLD = 8;
/** An answer may be this much longer than its request, bytes: the smallest exchange of all, 20 there and 44 back. */
const MAX_GAIN = 24;

/**
 * Whether a datagram is for `answerStun`, by its first bytes alone. Nothing of the ID server's begins with a zero byte,
 * which is no protobuf tag, so both can share a port.
 */
export function isStunRequest(datagram: Uint8Array): boolean {
  if (datagram.length < HEADER_BYTES || datagram[0] !== 0 || datagram[1] !== BINDING_REQUEST) return false;
  return new DataView(datagram.buffer, datagram.byteOffset).getUint32(4) === MAGIC_COOKIE;
}

/** An answer and from which of the server's two ports it goes out: the one that was asked, or the other. */
export interface StunAnswer {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly through: "asked-port" | "other-port";
}

/**
 * The whole STUN server: the answer to one datagram, or undefined for silence. It keeps nothing, and being asked in
 * somebody else's name gains an attacker MAX_GAIN bytes at most. Source: RFC 8489, section 6.3; no authentication.
 *
 * `ports`: with two of them CHANGE-REQUEST of RFC 5780 moves an answer to the other one. Another address there is none,
 * so that is refused. RESPONSE-ORIGIN and OTHER-ADDRESS are left out: they name an address, and a server behind a
 * translator does not know the one it is reached by.
 */
export function answerStun(
  datagram: Uint8Array,
  from: { readonly host: string; readonly port: number },
  ports: "one" | "two",
): StunAnswer | undefined {
  const request = decodeStun(datagram);
  if (request === undefined || request.type !== BINDING_REQUEST) return undefined;
  const { transaction, attributes } = request;
  const marked = attributes.at(-1)?.type === FINGERPRINT;
  if (marked && !isIntact(datagram, attributes.at(-1))) return undefined;

  const change = ports === "two" ? changeIn(attributes) : undefined;
  const unknown = attributes
    .map(({ type }) => type)
    .filter((type) => type < OPTIONAL_FROM && !UNDERSTOOD.has(type))
    .filter((type) => type !== CHANGE_REQUEST || change === undefined);
  const answer =
    unknown.length === 0
      ? success(from, transaction)
      : { type: BINDING_ERROR, transaction, attributes: unknownAttributes([...new Set(unknown)].slice(0, MAX_TOLD)) };
  if (answer === undefined) return undefined;
  const bytes = encodeStun(answer, marked);
  if (bytes.length > datagram.length + MAX_GAIN) return undefined;
  return { bytes, through: unknown.length === 0 && change === "port" ? "other-port" : "asked-port" };
}

/** What the first CHANGE-REQUEST, which alone counts, asks for; undefined: something that can't be done, or none. */
function changeIn(attributes: readonly StunAttribute[]): "nothing" | "port" | undefined {
  const value = attributes.find(({ type }) => type === CHANGE_REQUEST)?.value;
  if (value?.length !== 4) return undefined;
  const flags = value[3] as number;
  if ((flags & CHANGE_ADDRESS) !== 0) return undefined;
  return (flags & CHANGE_PORT) === 0 ? "nothing" : "port";
}

function success(
  from: { readonly host: string; readonly port: number },
  transaction: Uint8Array,
): { type: number; transaction: Uint8Array; attributes: readonly StunAttribute[] } | undefined {
  const value = encodeMappedAddress(from, transaction);
  if (value === undefined) return undefined;
  return { type: BINDING_SUCCESS, transaction, attributes: [{ type: XOR_MAPPED_ADDRESS, value }] };
}

function unknownAttributes(types: readonly number[]): readonly StunAttribute[] {
  const list = new Uint8Array(2 * types.length);
  const data = new DataView(list.buffer);
  types.forEach((type, i) => {
    data.setUint16(2 * i, type);
  });
  return [
    // 420, without a reason phrase: nobody reads it.
    { type: ERROR_CODE, value: Uint8Array.of(0, 0, 4, 20) },
    { type: UNKNOWN_ATTRIBUTES, value: list },
  ];
}

function isIntact(datagram: Uint8Array, fingerprint: StunAttribute | undefined): boolean {
  const value = fingerprint?.value;
  if (value?.length !== 4) return false;
  const told = new DataView(value.buffer, value.byteOffset, 4).getUint32(0);
  return told === fingerprintOf(datagram.subarray(0, datagram.length - 8));
}
