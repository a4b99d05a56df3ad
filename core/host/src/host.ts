import { type Link, LinkError } from "@pulpit/link";
import { deniedByServer, Farewell, ProtocolError, sourceOf } from "@pulpit/protocol";
import { WireError } from "@pulpit/wire";
import { Arrivals } from "./arrivals/arrivals.ts";
import type { Call } from "./arrivals/call.ts";
import { TurnedAway } from "./arrivals/turned-away.ts";
import { Door } from "./door.ts";
import type { HostEvent, HostOptions, HostWorld } from "./options.ts";
import type { Desktop } from "./ports/desktop.ts";
import type { Reception } from "./reception/reception.ts";
import type { LiveSession } from "./reception/sessions.ts";
import { keepRegistered, type RegistrationNews } from "./registering.ts";
import { type HostShared, serve } from "./session.ts";

/** Sessions at a time: each costs an encoder. */
const MAX_VIEWERS = 16;

/** Shares a desktop under an ID: keeps it registered, meets viewers, serves those whom the reception lets in. */
export class Host {
  readonly #world: HostWorld;
  readonly #options: HostOptions;
  readonly #shared: HostShared;
  readonly #onEvent: (event: HostEvent) => void;
  readonly #abort = new AbortController();
  readonly #door = new Door();
  readonly #visits = new Set<Promise<void>>();
  readonly #arrivals: Arrivals;

  constructor(options: HostOptions, desktop: Desktop, reception: Reception, world: HostWorld) {
    this.#world = world;
    this.#options = options;
    this.#onEvent = reception.onEvent;
    this.#shared = { world, options, desktop, reception };
    this.#arrivals = new Arrivals({ options, world }, (call, open) => this.#visited(call, open), this.#abort.signal);
  }

  /** Registers and serves until `stop`. @throws LinkError when the registration socket can't be opened */
  async run(): Promise<void> {
    try {
      await keepRegistered(this.#options, this.#world, (news) => this.#perform(news), this.#abort.signal);
    } catch (error) {
      if (!(error instanceof LinkError && error.code === "aborted")) throw error;
    }
  }

  /** Ends the registration and every session. */
  async stop(): Promise<void> {
    this.#abort.abort();
    await Promise.all(this.#visits);
  }

  #perform(effect: RegistrationNews): void {
    switch (effect.type) {
      case "registered":
        this.#onEvent({ type: "registered", id: this.#options.id });
        break;
      case "offline":
        this.#onEvent({ type: "unregistered", why: "no-answer" });
        break;
      case "impostor":
        this.#onEvent({ type: "unregistered", why: "wrong-key" });
        break;
      case "rejected":
        if (effect.why === "uuid-mismatch") this.#onEvent({ type: "idTaken", id: this.#options.id });
        else this.#onEvent({ type: "unregistered", why: effect.why });
        break;
      case "invited":
        this.#arrivals.invited(effect.invitation, effect.givesTickets);
        break;
      case "candidate":
        this.#arrivals.candidate(effect.message);
        break;
    }
  }

  #visited(call: Call, open: (signal: AbortSignal) => Promise<Link>): void {
    const visit = this.#receive(call, open).finally(() => this.#visits.delete(visit));
    this.#visits.add(visit);
  }

  /** One viewer, from the server's call to the end. Never rejects but for bugs. */
  async #receive(call: Call, open: (signal: AbortSignal) => Promise<Link>): Promise<void> {
    const { reception } = this.#shared;
    const { viewer } = call.plan;
    // A field without an address decodes to one that nobody has.
    const address = viewer.port === 0 ? "" : viewer.host;
    const leave = new AbortController();
    let displaced = false;
    const giveWay = (): void => {
      displaced = true;
      leave.abort();
    };
    const caller = { source: sourceOf(address), known: reception.knows(address), giveWay };
    if (reception.sessions.length >= MAX_VIEWERS || !this.#door.enter(caller)) {
      this.#onEvent({ type: "viewerRefused", address, why: "too-many" });
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
      const forbidden = deniedByServer(call.invitation.value.controlPermissions?.permissions ?? 0n);
      const link = await open(leave.signal);
      const end = await serve(link, { address, forbidden, onEntered }, this.#shared, leave.signal);
      if (end.session === undefined) this.#onEvent({ type: "viewerRefused", address, why: end.why });
      else this.#onEvent({ type: "viewerLeft", session: end.session, viewer: end.viewer, why: end.why });
    } catch (error) {
      const isExpected = error instanceof LinkError || error instanceof ProtocolError || error instanceof WireError;
      if (error instanceof TurnedAway) this.#onEvent({ type: "viewerRefused", address, why: error.why });
      else if (!isExpected) throw error;
      else this.#onEvent({ type: "viewerRefused", address, why: displaced ? "too-many" : error.code });
    } finally {
      this.#abort.signal.removeEventListener("abort", stop);
      this.#door.left(caller);
    }
  }
}
