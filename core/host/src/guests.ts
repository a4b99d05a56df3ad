import { type Link, LinkError } from "@pulpit/link";
import { Farewell, type Permission, ProtocolError, sourceOf } from "@pulpit/protocol";
import { WireError } from "@pulpit/wire";
import { TurnedAway } from "./arrivals/turned-away.ts";
import { Door } from "./door.ts";
import type { LiveSession } from "./reception/sessions.ts";
import type { Openness } from "./secure-direct.ts";
import { type HostShared, serve } from "./session.ts";

/** Sessions at a time: each costs an encoder. */
const MAX_VIEWERS = 16;

/** Somebody who is about to be served. */
export interface Guest {
  /** Where it comes from as far as known; empty: unknown. */
  readonly address: string;
  /** What the ID server forbids in this session. */
  readonly forbidden: ReadonlySet<Permission>;
  /** It came to this computer's own port, without an ID server. */
  readonly direct?: Openness;
}

/** Everybody who is at the door or in, from whichever side they come; bounded in number. */
export class Guests {
  readonly #shared: HostShared;
  readonly #abort = new AbortController();
  readonly #door = new Door();
  readonly #visits = new Set<Promise<void>>();

  constructor(shared: HostShared) {
    this.#shared = shared;
  }

  /** Aborts when nobody is served any more. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Serves a guest that is there once `open` resolves; calls it at once, or not at all when there is no room. */
  receive(guest: Guest, open: (signal: AbortSignal) => Promise<Link>): void {
    const visit = this.#receive(guest, open).finally(() => this.#visits.delete(visit));
    this.#visits.add(visit);
  }

  /** Ends every visit. */
  async close(): Promise<void> {
    this.#abort.abort();
    await Promise.all(this.#visits);
  }

  /** One viewer, from the door to the end. Never rejects but for bugs. */
  async #receive(guest: Guest, open: (signal: AbortSignal) => Promise<Link>): Promise<void> {
    const { reception } = this.#shared;
    const { onEvent } = reception;
    const { address } = guest;
    const leave = new AbortController();
    let displaced = false;
    const giveWay = (): void => {
      displaced = true;
      leave.abort();
    };
    const caller = { source: sourceOf(address), known: reception.knows(address), giveWay };
    if (reception.sessions.length >= MAX_VIEWERS || !this.#door.enter(caller)) {
      onEvent({ type: "viewerRefused", address, why: "too-many" });
      return;
    }
    const stop = (): void => leave.abort();
    this.#abort.signal.addEventListener("abort", stop, { once: true });
    try {
      const onEntered = (session: LiveSession): void => {
        this.#door.left(caller);
        // Several may have been at the door for the last place.
        if (reception.sessions.length > MAX_VIEWERS) session.end(Farewell.notAllowed);
      };
      const link = await open(leave.signal);
      const end = await serve(link, { ...guest, onEntered }, this.#shared, leave.signal);
      if (end.session === undefined) onEvent({ type: "viewerRefused", address, why: end.why });
      else onEvent({ type: "viewerLeft", session: end.session, viewer: end.viewer, why: end.why });
    } catch (error) {
      const isExpected = error instanceof LinkError || error instanceof ProtocolError || error instanceof WireError;
      if (error instanceof TurnedAway) onEvent({ type: "viewerRefused", address, why: error.why });
      else if (!isExpected) throw error;
      else onEvent({ type: "viewerRefused", address, why: displaced ? "too-many" : error.code });
    } finally {
      this.#abort.signal.removeEventListener("abort", stop);
      this.#door.left(caller);
    }
  }
}
