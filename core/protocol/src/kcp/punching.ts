import type { Machine, Millis } from "../machine.ts";
import type { Endpoint } from "../rendezvous/device.ts";
import type { KcpRole } from "./session-events.ts";

/** Empty datagrams go out after this, ms, then after half as long again each time, up to the second. */
const FIRST_PAUSE = 20;
const MAX_PAUSE = 200;
/** Longest that both ends knock, ms. */
const GIVE_UP_AFTER = 20_000;

const KNOCK: Uint8Array = new Uint8Array(0);

export type PunchingInput =
  | { readonly type: "start" }
  | { readonly type: "received"; readonly from: Endpoint; readonly datagram: Uint8Array }
  | { readonly type: "timeout" };

export type PunchingOutcome =
  /** `first`: the datagram that ended it, if it is one of the session. */
  | { readonly type: "met"; readonly peer: Endpoint; readonly first: Uint8Array | undefined }
  | { readonly type: "unanswered" };

export type PunchingEffect =
  | { readonly type: "send"; readonly to: Endpoint; readonly datagram: Uint8Array }
  | { readonly type: "finish"; readonly outcome: PunchingOutcome };

/**
 * Both ends send empty datagrams until the routers between them let one through. The peer is where its first datagram
 * comes from: a router may have given it another port than the one that was signalled, so only the host of that has
 * to be right. Source: docs/protocol/wire.md, section 5.1.
 */
export class Punching implements Machine<PunchingInput, PunchingEffect> {
  readonly #role: KcpRole;
  readonly #anyHost: boolean;
  #peer: Endpoint;
  #pause = FIRST_PAUSE;
  #deadline: Millis | undefined;
  #until: Millis = 0;

  /** `signalled`: where the server says the peer is. `anyHost`: it may turn out to be anywhere (peers with two routes). */
  constructor(role: KcpRole, signalled: Endpoint, options: { readonly anyHost?: boolean } = {}) {
    this.#role = role;
    this.#peer = signalled;
    this.#anyHost = options.anyHost ?? false;
  }

  get deadline(): Millis | undefined {
    return this.#deadline;
  }

  handle(input: PunchingInput, now: Millis): readonly PunchingEffect[] {
    switch (input.type) {
      case "start":
        this.#until = now + GIVE_UP_AFTER;
        return this.#knock(now);
      case "timeout":
        return now >= this.#until ? this.#finish({ type: "unanswered" }) : this.#knock(now);
      case "received":
        return this.#received(input.from, input.datagram);
    }
  }

  #received(from: Endpoint, datagram: Uint8Array): readonly PunchingEffect[] {
    if (from.host !== this.#peer.host && !this.#anyHost) return [];
    this.#peer = from;
    const first = datagram.length > 0 ? datagram : undefined;
    // The caller has heard that it gets through; the other end waits for its call.
    if (first === undefined && this.#role === "called") return [];
    return this.#finish({ type: "met", peer: from, first });
  }

  #knock(now: Millis): readonly PunchingEffect[] {
    this.#deadline = Math.min(this.#until, now + this.#pause);
    this.#pause = Math.min(MAX_PAUSE, this.#pause * 1.5);
    return [{ type: "send", to: this.#peer, datagram: KNOCK }];
  }

  #finish(outcome: PunchingOutcome): readonly PunchingEffect[] {
    this.#deadline = undefined;
    return [{ type: "finish", outcome }];
  }
}
