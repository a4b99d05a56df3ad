import { COMMANDS_AT_ONCE, COMMANDS_PER_SECOND } from "./config.ts";

/** How many commands a page may give: so many at once, and so many a second in the long run. */
export class CommandBudget {
  #left: number = COMMANDS_AT_ONCE;
  #at: number;

  /** Times in ms. */
  constructor(now: number) {
    this.#at = now;
  }

  /** Whether one more is allowed. */
  take(now: number): boolean {
    this.#left = Math.min(COMMANDS_AT_ONCE, this.#left + ((now - this.#at) * COMMANDS_PER_SECOND) / 1000);
    this.#at = now;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
