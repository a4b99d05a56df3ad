import type { Millis } from "../machine.ts";
import type { MessageKey } from "./message-key.ts";

/** What shows that a person is at the viewer (docs/protocol/session.md, section 9.4). */
const ACTIVITY: ReadonlySet<MessageKey> = new Set([
  "mouseEvent",
  "keyEvent",
  "pointerDeviceEvent",
  "misc.chatMessage",
  "misc.refreshVideo",
  "misc.refreshVideoDisplay",
  "misc.elevationRequest",
]);

/** Notices that nobody has touched a desktop session for a while. */
export class Idleness {
  readonly #after: () => Millis;
  #activeAt: Millis;

  /** `after`: 0 for never; asked anew each time. */
  constructor(after: () => Millis, now: Millis) {
    this.#after = after;
    this.#activeAt = now;
  }

  get deadline(): Millis {
    const after = this.#after();
    return after === 0 ? Number.POSITIVE_INFINITY : this.#activeAt + after;
  }

  heard(key: MessageKey, now: Millis): void {
    if (ACTIVITY.has(key)) this.#activeAt = now;
  }
}
