import type { Millis } from "../machine.ts";
import { Conversation } from "./conversation.ts";
import type { KcpEffect, KcpInput, KcpOutcome } from "./session-events.ts";
import {
  SessionFlag,
  type SessionName,
  type SessionPacket,
  sameSession,
  sessionHeader,
  sessionPacketIn,
} from "./session-header.ts";
import { answerToPing, answerToStranger, has, isExactly } from "./session-opening.ts";

/** Each side says that it is there this often, ms, and takes silence of the second length for the end (section 5.3). */
const PING_EVERY = 10_000;
const SILENT_AFTER = 60_000;
/** The caller's confirmation may get lost, and the other end, which speaks first, would wait for ever. */
const CONFIRMATIONS = 6;
const FIRST_CONFIRMATION_AFTER = 50;
/** Nobody acknowledges an end, so it is said this often. */
const FAREWELLS = 4;
const LEAST_BETWEEN_FAREWELLS = 20;
const MOST_BETWEEN_FAREWELLS = 500;
/** What was written may take this long to arrive after the application has closed, ms; then the session breaks. */
const LINGER = 5_000;

const { ack, fin, data, rst, ping } = SessionFlag;
const NEVER = Number.POSITIVE_INFINITY;

/** A session that both ends have agreed on, until it is over. Source: docs/protocol/wire.md, section 5.3. */
export class OpenSession {
  readonly conversation: Conversation;
  readonly #name: SessionName;
  #peerClosed = false;
  #heardAt: Millis;
  #pingAt: Millis;
  #confirmations: number;
  #confirmAt: Millis;
  #confirmPatience = FIRST_CONFIRMATION_AFTER;
  /** Set when the application has closed. */
  #lingerUntil: Millis | undefined;
  #farewells = 0;
  #farewellAt: Millis = NEVER;
  #deadline: Millis = NEVER;

  /** `confirms`: this end called and has to confirm the answer. `ackVectors`: see Conversation. */
  constructor(name: SessionName, confirms: boolean, ackVectors: boolean, now: Millis) {
    this.conversation = new Conversation(name, ackVectors, now);
    this.#name = name;
    this.#heardAt = now;
    this.#pingAt = now + PING_EVERY;
    this.#confirmations = confirms ? CONFIRMATIONS : 0;
    this.#confirmAt = confirms ? now : NEVER;
  }

  get deadline(): Millis {
    return this.#deadline;
  }

  get peerClosed(): boolean {
    return this.#peerClosed;
  }

  handle(input: KcpInput, now: Millis): readonly KcpEffect[] {
    const effects: KcpEffect[] = [];
    const send = (datagram: Uint8Array): void => void effects.push({ type: "send", datagram });
    const outcome = this.#learn(input, send, now) ?? this.#act(send, now);
    if (outcome !== undefined) effects.push({ type: "finish", outcome });
    return effects;
  }

  #learn(input: KcpInput, send: (datagram: Uint8Array) => void, now: Millis): KcpOutcome | undefined {
    switch (input.type) {
      case "received":
        return this.#received(input.datagram, send, now);
      case "written":
        if (this.#lingerUntil === undefined) for (const part of input.parts) this.conversation.write(part);
        return undefined;
      case "closed":
        this.#lingerUntil ??= now + LINGER;
        return undefined;
      case "aborted":
        this.#breakOff(send);
        return "closed";
      case "start":
      case "taken":
      case "timeout":
        return undefined;
    }
  }

  #received(datagram: Uint8Array, send: (datagram: Uint8Array) => void, now: Millis): KcpOutcome | undefined {
    const packet = sessionPacketIn(datagram);
    if (packet === undefined) return undefined;
    if (!sameSession(packet.name, this.#name)) {
      // A call by another name is an earlier or later attempt of the same caller; this session is the one.
      const answer = has(packet, SessionFlag.syn) && !has(packet, ack) ? undefined : answerToStranger(packet);
      if (answer !== undefined) send(answer);
      return undefined;
    }
    this.#heardAt = now;
    if (has(packet, ping)) {
      const answer = this.#farewells > 0 ? answerToStranger(packet) : answerToPing(packet);
      if (answer !== undefined) send(answer);
      return undefined;
    }
    return this.#heard(packet, now);
  }

  #heard(packet: SessionPacket, now: Millis): KcpOutcome | undefined {
    if (has(packet, rst)) return this.#farewells > 0 ? "closed" : "reset";
    if (has(packet, fin)) {
      this.#peerClosed = true;
      return this.#farewells > 0 ? "closed" : undefined;
    }
    if (!isExactly(packet, ack | data)) return undefined;
    // Who sends data has seen that the session is open.
    this.#confirmAt = NEVER;
    if (packet.payload.length > 0) this.conversation.received(packet.payload, now);
    return undefined;
  }

  /** Everything that is due. */
  #act(send: (datagram: Uint8Array) => void, now: Millis): KcpOutcome | undefined {
    if (now - this.#heardAt > SILENT_AFTER) return "silent";
    if (now >= this.#confirmAt) this.#confirm(send, now);
    if (now >= this.#pingAt) {
      send(sessionHeader(this.#name, ping));
      this.#pingAt = now + PING_EVERY;
    }
    // Nobody reads any more, but the peer's last bytes must not stand in the way of its end.
    if (this.#lingerUntil !== undefined) while (this.conversation.read() !== undefined);
    this.conversation.takeRoomAgain();
    for (const datagram of this.conversation.flush(now)) send(datagram);
    const outcome = this.#lingerUntil === undefined ? undefined : this.#leave(this.#lingerUntil, send, now);
    this.#deadline = this.#nextDeadline(now);
    return outcome;
  }

  #confirm(send: (datagram: Uint8Array) => void, now: Millis): void {
    send(sessionHeader(this.#name, ack | data));
    this.#confirmations -= 1;
    this.#confirmAt = this.#confirmations > 0 ? now + this.#confirmPatience : NEVER;
    this.#confirmPatience *= 2;
  }

  #leave(until: Millis, send: (datagram: Uint8Array) => void, now: Millis): KcpOutcome | undefined {
    if (this.#farewells === 0 && !this.conversation.flushed) {
      if (now < until) return undefined;
      this.#breakOff(send);
      return "closed";
    }
    if (this.#farewells > 0 && now < this.#farewellAt) return undefined;
    if (this.#farewells === FAREWELLS) return "closed";
    send(sessionHeader(this.#name, fin));
    this.#farewells += 1;
    const between = Math.min(MOST_BETWEEN_FAREWELLS, Math.max(LEAST_BETWEEN_FAREWELLS, this.conversation.roundTrip));
    this.#farewellAt = now + between;
    return undefined;
  }

  #breakOff(send: (datagram: Uint8Array) => void): void {
    for (let i = 0; i < FAREWELLS; i++) send(sessionHeader(this.#name, rst));
  }

  #nextDeadline(now: Millis): Millis {
    const silent = this.#heardAt + SILENT_AFTER + 1;
    const leaving = this.#farewells > 0 ? this.#farewellAt : (this.#lingerUntil ?? NEVER);
    return Math.min(silent, leaving, this.#confirmAt, this.#pingAt, this.conversation.deadline(now));
  }
}
