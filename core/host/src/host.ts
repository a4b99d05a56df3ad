import { LinkError } from "@pulpit/link";
import {
  Attempts,
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
import { OneTimePassword } from "./one-time-password.ts";
import type { HostEvent, HostOptions, HostWorld } from "./options.ts";
import { Passwords } from "./passwords.ts";
import { WIRE_VERSION } from "./peer-info.ts";
import type { Desktop } from "./ports/desktop.ts";
import { RecentSessions } from "./recent-sessions.ts";
import { keepRegistered, type RegistrationNews } from "./registering.ts";
import { type HostShared, serve } from "./session.ts";

/** Viewers served at a time, knocking ones included: each costs a socket and, once inside, an encoder. */
const MAX_VIEWERS = 16;

/** Shares a desktop under an ID: keeps it registered, meets viewers, serves them. */
export class Host {
  readonly oneTime: OneTimePassword;
  readonly #world: HostWorld;
  readonly #options: HostOptions;
  readonly #shared: HostShared;
  readonly #onEvent: (event: HostEvent) => void;
  readonly #abort = new AbortController();
  readonly #visits = new Set<Promise<void>>();

  constructor(options: HostOptions, desktop: Desktop, world: HostWorld, onEvent: (event: HostEvent) => void) {
    this.#world = world;
    this.#options = options;
    this.#onEvent = onEvent;
    this.oneTime = new OneTimePassword(world.random, options.passwordLength);
    const recent = new RecentSessions();
    const { oneTime } = this;
    const passwords = new Passwords({ crypto: world.crypto, salt: options.salt, oneTime, recent });
    const joined: HostShared["joined"] = (viewer) => onEvent({ type: "viewerJoined", viewer });
    this.#shared = { world, options, desktop, attempts: new Attempts(), oneTime, passwords, recent, joined };
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
      const end = await this.#meet(meeting);
      if (end === undefined) return;
      if (end.viewer === undefined) this.#onEvent({ type: "viewerRefused", address, why: end.why });
      else this.#onEvent({ type: "viewerLeft", viewer: end.viewer, why: end.why });
    } catch (error) {
      if (!(error instanceof LinkError || error instanceof ProtocolError || error instanceof WireError)) throw error;
      this.#onEvent({ type: "viewerRefused", address, why: error.code });
    }
  }

  async #meet(meeting: Meeting): Promise<Awaited<ReturnType<typeof serve>> | undefined> {
    const { signal } = this.#abort;
    const server = await this.#world.dial(formatServerAddress(this.#options.idServer), { route: "server", signal });
    await server.send(encodeServerMessage(meeting.reply));
    const ticket =
      meeting.type === "relay" && meeting.ticket === "awaited"
        ? await awaitedTicket(server, this.#world.clock)
        : undefined;
    void server.close();
    if (meeting.type === "declined") return { why: "foreign-relay" };
    const link = await this.#world.dial(formatServerAddress(meeting.relay), { route: "relay", signal });
    const join = { uuid: meeting.uuid, licenceKey: this.#options.serverKey };
    const shown = meeting.ticket === "awaited" ? ticket : meeting.ticket;
    await link.send(encodeServerMessage(joinRelay(shown === undefined ? join : { ...join, ticket: shown })));
    return serve(link, meeting.viewerAddress, this.#shared, signal);
  }
}
