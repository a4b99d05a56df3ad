import { LinkError } from "@pulpit/link";
import { deniedByServer } from "@pulpit/protocol";
import { Arrivals } from "./arrivals/arrivals.ts";
import type { Call } from "./arrivals/call.ts";
import { DirectAccess } from "./direct-access.ts";
import { type Guest, Guests } from "./guests.ts";
import type { HostEvent, HostOptions, HostWorld } from "./options.ts";
import type { Desktop } from "./ports/desktop.ts";
import type { Reception } from "./reception/reception.ts";
import { keepRegistered, type RegistrationNews } from "./registering.ts";

/** Shares a desktop under an ID: keeps it registered, meets viewers, serves those whom the reception lets in. */
export class Host {
  readonly #world: HostWorld;
  readonly #options: HostOptions;
  readonly #onEvent: (event: HostEvent) => void;
  readonly #guests: Guests;
  readonly #arrivals: Arrivals;

  constructor(options: HostOptions, desktop: Desktop, reception: Reception, world: HostWorld) {
    this.#world = world;
    this.#options = options;
    this.#onEvent = reception.onEvent;
    this.#guests = new Guests({ world, options, desktop, reception });
    this.#arrivals = new Arrivals(
      { options, world },
      (call, open) => this.#guests.receive(guestOf(call), open),
      this.#guests.signal,
    );
  }

  /** Registers and serves until `stop`. @throws LinkError when the registration socket can't be opened */
  async run(): Promise<void> {
    const { direct } = this.#options;
    const { listenDirect } = this.#world;
    if (direct !== undefined && listenDirect !== undefined) {
      await new DirectAccess(direct, this.#guests, this.#onEvent).open(listenDirect);
    }
    try {
      await keepRegistered(this.#options, this.#world, (news) => this.#perform(news), this.#guests.signal);
    } catch (error) {
      if (!(error instanceof LinkError && error.code === "aborted")) throw error;
    }
  }

  /** Ends the registration and every session. */
  async stop(): Promise<void> {
    await this.#guests.close();
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
}

function guestOf({ plan: { viewer }, invitation }: Call): Guest {
  // A field without an address decodes to one that nobody has.
  const address = viewer.port === 0 ? "" : viewer.host;
  return { address, forbidden: deniedByServer(invitation.value.controlPermissions?.permissions ?? 0n) };
}
