import type { Millis } from "../machine.ts";
import type { Endpoint } from "./device.ts";

/** A viewer's question is remembered for this long, ms: three requests of 3, 6 and 9 s and some reserve. */
const WAIT = 30_000;

/** A viewer waiting for a host's answer. */
export interface WaitingViewer {
  /** The viewer's connection to the ID server. */
  readonly connection: number;
  readonly hostId: string;
  readonly until: Millis;
}

/**
 * Which viewer waits for which host. The handle is the viewer's address, which the host sends back
 * (docs/protocol/rendezvous.md, section 4.10): an answer is taken once, for the ID that was asked about.
 */
export class WaitingViewers {
  readonly #limit: number;
  readonly #viewers = new Map<string, WaitingViewer>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(handle: Endpoint, viewer: { connection: number; hostId: string }, now: Millis): void {
    const key = keyOf(handle);
    this.#viewers.delete(key);
    this.#viewers.set(key, { ...viewer, until: now + WAIT });
    if (this.#viewers.size > this.#limit) this.#viewers.delete(this.#viewers.keys().next().value as string);
  }

  get(handle: Endpoint, now: Millis): WaitingViewer | undefined {
    const viewer = this.#viewers.get(keyOf(handle));
    return viewer !== undefined && now < viewer.until ? viewer : undefined;
  }

  remove(handle: Endpoint): void {
    this.#viewers.delete(keyOf(handle));
  }
}

function keyOf({ host, port }: Endpoint): string {
  return `${host} ${port}`;
}
