import { ProtocolError } from "../errors.ts";

/** Bytes of a message that one channel message may carry after its header (docs/protocol/webrtc.md, section 13.2). */
export const MAX_FRAGMENT_PAYLOAD = 60_000;
/** … and that ours carry: two packets, so that the receiver hears of a picture while the rest of it is still under way. */
const OWN_FRAGMENT_PAYLOAD = 2_200;
/** Longest message there is, bytes, both ways. */
const MAX_FRAGMENTED = 0x3fff_ffff;
const LAST = 0;
const MORE = 1;

/**
 * The channel messages for one message, made one by one as they are asked for; at least one. `payload`: bytes in each.
 * @throws RangeError for a message above MAX_FRAGMENTED: the caller's mistake.
 */
export function* fragmentsOf(
  message: Uint8Array,
  payload: number = OWN_FRAGMENT_PAYLOAD,
): Generator<Uint8Array<ArrayBuffer>, void, undefined> {
  if (message.length > MAX_FRAGMENTED) throw new RangeError("too large for a data channel");
  let at = 0;
  do {
    const end = Math.min(at + payload, message.length);
    const fragment = new Uint8Array(1 + end - at);
    fragment[0] = end < message.length ? MORE : LAST;
    fragment.set(message.subarray(at, end), 1);
    yield fragment;
    at = end;
  } while (at < message.length);
}

/** Puts messages together again. What it holds never takes more than about `limit`, in however small pieces it comes. */
export class FragmentReader {
  /** Largest message that is taken, bytes; may change at any time. */
  limit: number;
  #buffer: Uint8Array | undefined;
  #length = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Whether a message has begun and not ended. */
  get pending(): boolean {
    return this.#buffer !== undefined;
  }

  /**
   * The message that `fragment` completes; undefined while more follow. A message in one fragment is not copied.
   * @throws ProtocolError malformed, too-large.
   */
  push(fragment: Uint8Array): Uint8Array | undefined {
    const [header] = fragment;
    const payload = fragment.subarray(1);
    if (header !== LAST && header !== MORE) throw new ProtocolError("malformed", "not a fragment");
    if (header === MORE && payload.length === 0) throw new ProtocolError("malformed", "an empty fragment");
    const length = this.#length + payload.length;
    if (length > Math.min(this.limit, MAX_FRAGMENTED)) {
      throw new ProtocolError("too-large", `message of at least ${length} bytes, limit ${this.limit}`);
    }
    if (header === LAST && this.#buffer === undefined) return payload;
    const buffer = this.#withRoomFor(length);
    buffer.set(payload, this.#length);
    this.#length = length;
    if (header === MORE) return undefined;
    this.#buffer = undefined;
    this.#length = 0;
    return buffer.subarray(0, length);
  }

  /** Grows by doubling: a list of pieces would cost a hostile peer one byte and us a hundred. */
  #withRoomFor(length: number): Uint8Array {
    const buffer = this.#buffer;
    if (buffer !== undefined && buffer.length >= length) return buffer;
    const larger = new Uint8Array(Math.max(length, Math.min(2 * (buffer?.length ?? length), this.limit)));
    if (buffer !== undefined) larger.set(buffer.subarray(0, this.#length));
    this.#buffer = larger;
    return larger;
  }
}
