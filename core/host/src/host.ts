import { type DatagramSocket, drive, LinkError, type Source } from "@pulpit/link";
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
  Registration,
  type RegistrationEffect,
  type RegistrationInput,
} from "@pulpit/protocol";
import { decodeServerMessage, encodeServerMessage, WireError } from "@pulpit/wire";
import { OneTimePassword } from "./one-time-password.ts";
import type { HostEvent, HostOptions, HostWorld } from "./options.ts";
import { Passwords } from "./passwords.ts";
import { WIRE_VERSION } from "./peer-info.ts";
import type { Desktop } from "./ports/desktop.ts";
import { RecentSessions } from "./recent-sessions.ts";
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
    const socket = await this.#world.openDatagrams(this.#options.idServer);
    const { id, uuid, identity } = this.#options;
    const registration = new Registration({ id, uuid, publicKey: identity.publicKey });
    try {
      await drive<RegistrationInput, RegistrationEffect, never>(
        registration,
        { type: "start" },
        {
          source: new ServerDatagrams(socket),
          clock: this.#world.clock,
          perform: (effect) => this.#perform(effect, socket),
          signal: this.#abort.signal,
        },
      );
    } catch (error) {
      if (!(error instanceof LinkError && error.code === "aborted")) throw error;
    } finally {
      await socket.close();
    }
  }

  /** Ends the registration and every session. */
  async stop(): Promise<void> {
    this.#abort.abort();
    await Promise.all(this.#visits);
  }

  #perform(effect: RegistrationEffect, socket: DatagramSocket): void {
    switch (effect.type) {
      case "send":
        socket.send(encodeServerMessage(effect.message), this.#options.idServer);
        break;
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
        this.#invited(effect.invitation);
        break;
    }
  }

  #invited(invitation: Invitation): void {
    if (this.#visits.size >= MAX_VIEWERS) {
      this.#onEvent({ type: "viewerRefused", address: "", why: "too-many" });
      return;
    }
    const visit = this.#receive(invitation).finally(() => this.#visits.delete(visit));
    this.#visits.add(visit);
  }

  /** One viewer, from the server's call to the end. Never rejects but for bugs. */
  async #receive(invitation: Invitation): Promise<void> {
    const { id, idServer, relayServer } = this.#options;
    const relay = relayServer === undefined ? undefined : parseServerAddress(relayServer, RELAY_PORT);
    const facts = { id, version: WIRE_VERSION, idServer, relayServer: relay };
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
    void server.close();
    if (meeting.type === "declined") return { why: "foreign-relay" };
    const link = await this.#world.dial(formatServerAddress(meeting.relay), { route: "relay", signal });
    await link.send(encodeServerMessage(joinRelay({ uuid: meeting.uuid, licenceKey: this.#options.serverKey })));
    return serve(link, meeting.viewerAddress, this.#shared, signal);
  }
}

/** Datagrams of the ID server, as inputs; garbage is dropped. */
class ServerDatagrams implements Source<RegistrationInput> {
  readonly #socket: DatagramSocket;
  #pending: Promise<void> | undefined;
  #item: RegistrationInput | undefined;

  constructor(socket: DatagramSocket) {
    this.#socket = socket;
  }

  ready(): Promise<void> {
    if (this.#item !== undefined) return Promise.resolve();
    this.#pending ??= this.#receive();
    return this.#pending;
  }

  take(): RegistrationInput | undefined {
    const item = this.#item;
    this.#item = undefined;
    if (item !== undefined) this.#pending = undefined;
    return item;
  }

  async #receive(): Promise<void> {
    for (;;) {
      const datagram = await this.#socket.receive();
      if (datagram === undefined) throw new LinkError("aborted", "the socket was closed");
      try {
        this.#item = { type: "received", message: decodeServerMessage(datagram.data) };
        return;
      } catch (error) {
        if (!(error instanceof WireError)) throw error;
      }
    }
  }
}
