import type { Machine, Millis } from "../machine.ts";
import { OpenSession } from "./open-session.ts";
import type { KcpEffect, KcpInput, KcpRole } from "./session-events.ts";
import { SessionFlag, sessionPacketIn } from "./session-header.ts";
import { Answering, Calling, has, MAX_HALF_OPEN, type OpeningStep } from "./session-opening.ts";

/** A session has to be open within this, ms (docs/protocol/wire.md, section 5.3). */
const OPEN_WITHIN = 18_000;

/** How many random numbers a caller needs. */
export const KCP_CONVERSATIONS: number = MAX_HALF_OPEN;

/**
 * One end of a byte pipe over datagrams to one peer. It reads nothing ahead: what has arrived is fetched with `take`,
 * and a reader who does not come makes the peer wait. Source: docs/protocol/wire.md, sections 5.2 to 5.4.
 */
export class KcpSession implements Machine<KcpInput, KcpEffect> {
  #opening: { readonly side: Calling | Answering; readonly until: Millis } | undefined;
  readonly #side: Calling | Answering;
  readonly #ackVectors: boolean;
  #open: OpenSession | undefined;
  #over = false;

  /** `conversations`: KCP_CONVERSATIONS random 32-bit numbers; needed by a caller only. `ackVectors`: see Conversation. */
  constructor(role: KcpRole, conversations: readonly number[], ackVectors: boolean = false) {
    this.#ackVectors = ackVectors;
    this.#side = role === "caller" ? new Calling(conversations) : new Answering();
  }

  get deadline(): Millis | undefined {
    if (this.#over) return undefined;
    if (this.#open !== undefined) return this.#open.deadline;
    const { side, until } = this.#opening ?? {};
    if (until === undefined) return undefined;
    return side instanceof Calling ? Math.min(until, side.deadline ?? until) : until;
  }

  /** Written and never sent yet, bytes. */
  get queuedBytes(): number {
    return this.#open?.conversation.queuedBytes ?? 0;
  }

  /** What the path carries, bytes per second, 0 while unknown. A floor while there is little to send. */
  get bytesPerSecond(): number {
    return this.#open?.conversation.bytesPerSecond ?? 0;
  }

  /** Mean round trip, ms; 0 while unknown. */
  get roundTrip(): number {
    return this.#open?.conversation.roundTrip ?? 0;
  }

  /** The peer has closed its sending side: after what can still be taken comes nothing more. */
  get peerClosed(): boolean {
    return this.#open?.peerClosed ?? false;
  }

  /** The next bytes from the peer, undefined when there are none yet. Tell it with `taken` afterwards. */
  take(): Uint8Array | undefined {
    return this.#open?.conversation.read();
  }

  handle(input: KcpInput, now: Millis): readonly KcpEffect[] {
    if (this.#over) return [];
    const effects = this.#open === undefined ? this.#handleOpening(input, now) : this.#open.handle(input, now);
    if (effects.at(-1)?.type === "finish") this.#over = true;
    return effects;
  }

  #handleOpening(input: KcpInput, now: Millis): readonly KcpEffect[] {
    switch (input.type) {
      case "start":
        this.#opening = { side: this.#side, until: now + OPEN_WITHIN };
        return this.#call(now);
      case "received":
        return this.#received(input.datagram, now);
      case "timeout":
        if (now >= (this.#opening?.until ?? now)) return [{ type: "finish", outcome: "unanswered" }];
        return this.#call(now);
      case "closed":
      case "aborted":
        return [{ type: "finish", outcome: "closed" }];
      case "written":
      case "taken":
        return [];
    }
  }

  #call(now: Millis): readonly KcpEffect[] {
    if (!(this.#side instanceof Calling) || now < (this.#side.deadline ?? now)) return [];
    const datagram = this.#side.call(now);
    return datagram === undefined ? [] : [{ type: "send", datagram }];
  }

  #received(datagram: Uint8Array, now: Millis): readonly KcpEffect[] {
    const packet = sessionPacketIn(datagram);
    if (packet === undefined) return [];
    const step: OpeningStep = this.#side.received(packet);
    switch (step.type) {
      case "answer":
        return [{ type: "send", datagram: step.datagram }];
      case "nothing":
        return [];
      case "established": {
        const calls = this.#side instanceof Calling;
        this.#open = new OpenSession(step.name, calls, this.#ackVectors, now);
        const first = has(packet, SessionFlag.data) ? this.#open.handle({ type: "received", datagram }, now) : [];
        return [{ type: "opened" }, ...this.#open.handle({ type: "start" }, now), ...first];
      }
    }
  }
}
