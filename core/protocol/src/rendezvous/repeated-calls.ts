import type { Millis } from "../machine.ts";

/** The same viewer's call within this is a repetition, ms (docs/protocol/rendezvous.md, section 4.10). */
const DUPLICATE_WINDOW = 100;

/** Tells calls from their repetitions: viewers ask again, and datagrams may come twice. */
export class RepeatedCalls {
  #lastCaller = "";
  #lastCallAt = Number.NEGATIVE_INFINITY;

  /** `socketAddr`: the viewer's address as the call has it. */
  is(socketAddr: Uint8Array, now: Millis): boolean {
    const caller = socketAddr.join();
    const repeated = caller === this.#lastCaller && now - this.#lastCallAt < DUPLICATE_WINDOW;
    this.#lastCaller = caller;
    this.#lastCallAt = now;
    return repeated;
  }
}
