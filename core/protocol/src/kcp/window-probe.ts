import type { Millis } from "../machine.ts";
import { FIRST_WINDOW_PROBE, MAX_WINDOW_PROBE } from "./parameters.ts";

/** When to ask a peer without room whether it has some again, in case its word got lost (wire.md, section 5.4). */
export class WindowProbe {
  #patience = 0;
  #at: Millis | undefined;

  get deadline(): Millis | undefined {
    return this.#at;
  }

  /** `room`: what the peer said last, segments. True when it is time to ask. */
  due(room: number, now: Millis): boolean {
    if (room > 0) {
      this.#at = undefined;
      return false;
    }
    if (this.#at === undefined) {
      this.#patience = FIRST_WINDOW_PROBE;
      this.#at = now + this.#patience;
      return false;
    }
    if (now < this.#at) return false;
    this.#patience = Math.min(MAX_WINDOW_PROBE, this.#patience * 1.5);
    this.#at = now + this.#patience;
    return true;
  }
}
