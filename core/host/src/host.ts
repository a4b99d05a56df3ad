import { LinkError } from "@pulpit/link";
import {
  deniedByServer,
  formatServerAddress,
  freshUuid,
  type Invitation,
  joinRelay,
  type Meeting,
  meet,
  ProtocolError,
  parseServerAddress,
  RELAY_PORT,
} from "@pulpit/protocol";
import { encodeServerMessage, WireError } from "@pulpit/wire";
import { awaitedTicket } from "./awaited-ticket.ts";
import type { HostEvent, HostOptions, HostWorld } from "./options.ts";
import { WIRE_VERSION } from "./peer-info.ts";
import type { Desktop } from "./ports/desktop.ts";
import type { Reception } from "./reception/reception.ts";
import { keepRegistered, type RegistrationNews } from "./registering.ts";
import { type HostShared, serve, type VisitEnd } from "./session.ts";

/** Viewers served at a time, knocking ones included: each costs a socket and, once inside, an encoder. */
const MAX_VIEWERS = 16;

/** Shares a desktop under an ID: keeps it registered, meets viewers, serves those whom the reception lets in. */
export class Host {
  readonly #world: HostWorld;
  readonly #options: HostOptions;
  readonly #shared: HostShared;
  readonly #onEvent: (event: HostEvent) => void;
  readonly #abort = new AbortController();
  readonly #visits = new Set<Promise<void>>();

  constructor(options: HostOptions, desktop: Desktop, reception: Reception, world: HostWorld) {
    this.#world = world;
    this.#options = options;
    this.#onEvent = reception.onEvent;
    this.#shared = { world, options, desktop, reception };
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
        this.#invited(effect.invitation, effect.givesTickets);
        break;
    }
  }

  #invited(invitation: Invitation, givesTickets: boolean): void {
    if (this.#visits.size >= MAX_VIEWERS) {
      this.#onEvent({ type: "viewerRefused", address: "", why: "too-many" });
      return;
    }
    const visit = this.#receive(invitation, givesTickets).finally(() => this.#visits.delete(visit));
    this.#visits.add(visit);
  }

  /** One viewer, from the server's call to the end. Never rejects but for bugs. */
  async #receive(invitation: Invitation, givesTickets: boolean): Promise<void> {
    const { id, idServer, relayServer } = this.#options;
    const relay = relayServer === undefined ? undefined : parseServerAddress(relayServer, RELAY_PORT);
    const facts = { id, version: WIRE_VERSION, idServer, relayServer: relay, givesTickets };
    const meeting = meet(invitation, facts, freshUuid(this.#world.random));
    const address = meeting.viewerAddress;
    try {
      const end = await this.#meet(meeting, invitation.value.controlPermissions?.permissions ?? 0n);
      if (end.session === undefined) this.#onEvent({ type: "viewerRefused", address, why: end.why });
      else this.#onEvent({ type: "viewerLeft", session: end.session, viewer: end.viewer, why: end.why });
    } catch (error) {
      if (!(error instanceof LinkError || error instanceof ProtocolError || error instanceof WireError)) throw error;
      this.#onEvent({ type: "viewerRefused", address, why: error.code });
    }
  }

  async #meet(meeting: Meeting, serverBits: bigint): Promise<VisitEnd> {
    const { signal } = this.#abort;
    const server = await this.#world.dial(formatServerAddress(this.#options.idServer), { route: "server", signal });
    await server.send(encodeServerMessage(meeting.reply));
    const ticket =
      meeting.type === "relay" && meeting.ticket === "awaited"
        ? await awaitedTicket(server, this.#world.clock)
        : undefined;
    void server.close();
    if (meeting.type === "declined") return { session: undefined, why: "foreign-relay" };
    const link = await this.#world.dial(formatServerAddress(meeting.relay), { route: "relay", signal });
    const join = { uuid: meeting.uuid, licenceKey: this.#options.serverKey };
    const shown = meeting.ticket === "awaited" ? ticket : meeting.ticket;
    await link.send(encodeServerMessage(joinRelay(shown === undefined ? join : { ...join, ticket: shown })));
    const call = { address: meeting.viewerAddress, forbidden: deniedByServer(serverBits) };
    return serve(link, call, this.#shared, signal);
  }
}
