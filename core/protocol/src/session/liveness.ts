import type { PeerMessageInit, TestDelay } from "@pulpit/wire";
import type { Millis } from "../machine.ts";

/** A probe is due this long after the last one, ms (docs/protocol/session.md, section 9.1). */
const PROBE_EVERY = 1000;
/** A viewer that is silent for this long is gone, ms (section 9.3). */
const SILENCE_LIMIT = 30_000;

/** What the host's clockwork found. */
export type LivenessEvent =
  | { readonly type: "send"; readonly message: PeerMessageInit }
  /** A probe came back; `delay` in ms. */
  | { readonly type: "measured"; readonly delay: number }
  | { readonly type: "silent" };

/** The host's side of staying in touch: probes once a second, measures the round trip, notices silence. */
export class HostLiveness {
  #heard: Millis;
  #probeAt: Millis;
  #sentAt: Millis | undefined;
  #lastDelay = 0;
  /** Current encoder target, kbit/s; travels with the probes for the viewer's display. */
  targetBitrate = 0;

  constructor(now: Millis) {
    this.#heard = now;
    this.#probeAt = now;
  }

  get deadline(): Millis {
    const silence = this.#heard + SILENCE_LIMIT;
    return this.#sentAt === undefined ? Math.min(this.#probeAt, silence) : silence;
  }

  /** How long the outstanding probe has been under way, ms; undefined when none is. */
  unanswered(now: Millis): number | undefined {
    return this.#sentAt === undefined ? undefined : now - this.#sentAt;
  }

  /** Anything came from the viewer. */
  heard(now: Millis): void {
    this.#heard = now;
  }

  /** A `test_delay` came from the viewer: the echo of ours, or a probe of its own to be returned as it is. */
  answered(message: TestDelay, now: Millis): readonly LivenessEvent[] {
    if (message.fromClient) return [{ type: "send", message: { case: "testDelay", value: message } }];
    if (this.#sentAt === undefined) return [];
    const delay = Math.max(0, Math.round(now - this.#sentAt));
    this.#sentAt = undefined;
    this.#lastDelay = delay;
    return [{ type: "measured", delay }];
  }

  timeout(now: Millis): readonly LivenessEvent[] {
    if (now >= this.#heard + SILENCE_LIMIT) return [{ type: "silent" }];
    if (this.#sentAt !== undefined || now < this.#probeAt) return [];
    this.#sentAt = now;
    this.#probeAt = now + PROBE_EVERY;
    const value = { time: 0n, fromClient: false, lastDelay: this.#lastDelay, targetBitrate: this.targetBitrate };
    return [{ type: "send", message: { case: "testDelay", value } }];
  }
}
