import type { Millis } from "../machine.ts";
import { SessionFlag, type SessionName, type SessionPacket, sameSession, sessionHeader } from "./session-header.ts";

/** Sessions that may be half open at a time, at either end; the oldest makes room. */
export const MAX_HALF_OPEN = 16;
/** A call that nobody answered is repeated after this, then after half as long again each time, up to the second, ms. */
const FIRST_PATIENCE = 250;
const MAX_PATIENCE = 2_000;

const { syn, ack, fin, data, rst, ping, pong } = SessionFlag;
/** The bits that patterns of wire.md, section 5.3 are made of. */
const PATTERN: number = syn | ack | fin | data | rst;

/** What a packet meant while no session is open yet. */
export type OpeningStep =
  | { readonly type: "answer"; readonly datagram: Uint8Array }
  | { readonly type: "established"; readonly name: SessionName }
  | { readonly type: "nothing" };

const NOTHING: OpeningStep = { type: "nothing" };

/** Exactly this pattern, whatever else is set. */
export function isExactly(packet: SessionPacket, flags: number): boolean {
  return (packet.flags & PATTERN) === flags;
}

export function has(packet: SessionPacket, flag: number): boolean {
  return (packet.flags & flag) !== 0;
}

/** What everybody answers to a packet of a session that is not known here. */
export function answerToStranger(packet: SessionPacket): Uint8Array | undefined {
  return has(packet, rst) || isPong(packet) ? undefined : sessionHeader(packet.name, rst);
}

/** What a packet with the ping bit is answered with in a session that lives. */
export function answerToPing(packet: SessionPacket): Uint8Array | undefined {
  return isPong(packet) ? undefined : sessionHeader(packet.name, ping | pong);
}

function isPong(packet: SessionPacket): boolean {
  return has(packet, ping) && has(packet, pong);
}

function answer(datagram: Uint8Array | undefined): OpeningStep {
  return datagram === undefined ? NOTHING : { type: "answer", datagram };
}

/**
 * The end that calls (A). Stock calls once and gives up when that is lost; this one calls again, each time by another
 * name, because a name that was heard once is not answered again. Whichever is answered first is the session.
 */
export class Calling {
  readonly #unused: number[];
  readonly #called: SessionName[] = [];
  #patience = FIRST_PATIENCE;
  #deadline: Millis | undefined;

  /** `conversations`: random 32-bit numbers, one for each call. */
  constructor(conversations: readonly number[]) {
    this.#unused = [...conversations];
  }

  /** When to call again; undefined when there are no more names. */
  get deadline(): Millis | undefined {
    return this.#deadline;
  }

  call(now: Millis): Uint8Array | undefined {
    const conversation = this.#unused.shift();
    this.#deadline = this.#unused.length > 0 ? now + this.#patience : undefined;
    this.#patience = Math.min(MAX_PATIENCE, this.#patience * 1.5);
    if (conversation === undefined) return undefined;
    const name = { conversation, source: 0, destination: 0 };
    this.#called.push(name);
    if (this.#called.length > MAX_HALF_OPEN) this.#called.shift();
    return sessionHeader(name, syn);
  }

  received(packet: SessionPacket): OpeningStep {
    const index = this.#called.findIndex((each) => sameSession(each, packet.name));
    if (index === -1) return answer(answerToStranger(packet));
    if (has(packet, ping)) return answer(answerToPing(packet));
    if (isExactly(packet, syn | ack)) return { type: "established", name: packet.name };
    if (has(packet, rst | fin)) this.#called.splice(index, 1);
    return NOTHING;
  }
}

/** The end that is called (B): answers every name once and takes the first that the caller confirms. */
export class Answering {
  readonly #heard: SessionName[] = [];

  received(packet: SessionPacket): OpeningStep {
    const index = this.#heard.findIndex((each) => sameSession(each, packet.name));
    if (index === -1) return this.#stranger(packet);
    if (has(packet, ping)) return answer(answerToPing(packet));
    if (isExactly(packet, ack | data)) return { type: "established", name: packet.name };
    if (has(packet, rst | fin)) this.#heard.splice(index, 1);
    return NOTHING;
  }

  #stranger(packet: SessionPacket): OpeningStep {
    if (has(packet, ping) || !isExactly(packet, syn)) return answer(answerToStranger(packet));
    this.#heard.push(packet.name);
    if (this.#heard.length > MAX_HALF_OPEN) this.#heard.shift();
    return { type: "answer", datagram: sessionHeader(packet.name, syn | ack) };
  }
}
