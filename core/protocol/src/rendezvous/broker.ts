import type { OnlineRequest, ServerMessage, SoftwareUpdate } from "@pulpit/wire";
import { encodeServerMessage } from "@pulpit/wire";
import type { Millis } from "../machine.ts";
import { answer, type BrokerEffect } from "./broker-effects.ts";
import type { BrokerOptions } from "./broker-options.ts";
import { Budget } from "./budget.ts";
import { type Caller, Calls } from "./calls.ts";
import { Candidates } from "./candidates.ts";
import type { Endpoint } from "./device.ts";
import { Presence } from "./presence.ts";
import { Registrations } from "./registrations.ts";
import { WaitingViewers } from "./waiting-viewers.ts";

/** Who speaks to the server. A WebSocket viewer's endpoint carries a port made up for it alone (section 4.10). */
export type Sender =
  | { readonly type: "datagram"; readonly endpoint: Endpoint; readonly bytes: number }
  | {
      readonly type: "stream";
      readonly connection: number;
      readonly endpoint: Endpoint;
      /** On a WebSocket: such a peer can be reached through a relay only. */
      readonly relayOnly?: boolean;
    };

/** IDs one online question may name. */
const MAX_ONLINE_QUESTION = 1000;
/** Online questions of one address in a minute; stock asks every few seconds while its list is open. */
const QUESTIONS_PER_MINUTE = 600;
/** … and IDs they may name: an office with its lists open fits, trying out all IDs takes weeks. */
const IDS_PER_MINUTE = 30_000;
/** NAT tests by datagram of one address in a minute: the answer is longer than the question (chapter 9, row 17). */
const NAT_TESTS_PER_MINUTE = 120;
const NO_PROXY = "This server takes HTTP requests on its web port only";

/**
 * The ID server's side of every conversation: who is where, who wants to meet whom.
 * Source: docs/protocol/rendezvous.md, section 4.
 */
export class Broker {
  readonly presence: Presence;
  readonly #options: BrokerOptions;
  readonly #registrations: Registrations;
  readonly #waiting: WaitingViewers;
  readonly #calls: Calls;
  readonly #candidates: Candidates;
  readonly #questions = new Budget(QUESTIONS_PER_MINUTE, 60_000);
  readonly #ids = new Budget(IDS_PER_MINUTE, 60_000);
  readonly #natTests = new Budget(NAT_TESTS_PER_MINUTE, 60_000);

  constructor(options: BrokerOptions) {
    this.#options = options;
    this.presence = new Presence(options.limits.devices, options.presenceKey);
    this.#waiting = new WaitingViewers(options.limits.waitingViewers);
    this.#registrations = new Registrations(options, options.directory, this.presence);
    this.#calls = new Calls(options, this.presence, this.#waiting);
    this.#candidates = new Candidates(this.presence, this.#waiting, options.answersFromAnywhere);
  }

  /** Viewers waiting for a host's answer. */
  get waiting(): number {
    return this.#waiting.size;
  }

  handle(message: ServerMessage, from: Sender, now: Millis): readonly BrokerEffect[] {
    if (from.type === "datagram") return this.#datagram(message, from.endpoint, from.bytes, now);
    const { connection, endpoint, relayOnly = false } = from;
    return this.#stream(message, { connection, endpoint, relayOnly }, now);
  }

  /** Introduces nobody any more: the relay that calls would go through is about to stop. */
  drain(): void {
    this.#calls.drain();
  }

  /** A stream connection has ended. */
  disconnected(connection: number): void {
    this.presence.disconnected(connection);
    this.#waiting.disconnected(connection);
  }

  #datagram(message: ServerMessage, from: Endpoint, bytes: number, now: Millis): readonly BrokerEffect[] {
    switch (message.case) {
      case "registerPeer":
        return [...this.#registrations.alive(message.value, from, now), ...this.#news(message.value, from, now)];
      case "registerPk":
        return this.#registrations.byDatagram(message.value, from, now);
      case "punchHoleSent":
        return this.#calls.punched(message.value, from, true, now);
      case "testNatRequest":
        if (!this.#natTests.spend(from.host, now)) return [];
        return [{ type: "sendDatagram", to: from, message: { case: "testNatResponse", value: { port: from.port } } }];
      case "softwareUpdate": {
        const reply = this.#newer(message.value);
        // Never more than was sent: whoever wrote the sender's address may not have been the sender.
        if (reply === undefined || encodeServerMessage(reply).length > bytes) return [];
        return [{ type: "sendDatagram", to: from, message: reply }];
      }
      default:
        return [];
    }
  }

  #stream(message: ServerMessage, from: Caller, now: Millis): readonly BrokerEffect[] {
    const { connection, endpoint } = from;
    const close: BrokerEffect = { type: "close", connection };
    switch (message.case) {
      case "punchHoleRequest":
        return this.#calls.wanted(message.value, from, now);
      case "requestRelay":
        return this.#calls.relayWanted(message.value, from, now);
      case "relayResponse":
        return [...this.#calls.relayAnswered(message.value, from, now), close];
      case "punchHoleSent":
        return [...this.#calls.punched(message.value, endpoint, false, now), close];
      case "localAddr":
        return [...this.#calls.listensLocally(message.value, endpoint, now), close];
      case "iceCandidate":
        return this.#candidates.passedOn(message.value, connection, endpoint, now);
      case "registerPk":
        return this.#registrations.byConnection(message.value, endpoint, connection, now);
      case "testNatRequest":
        return answer(connection, { case: "testNatResponse", value: this.#natTest(message.value.serial, endpoint) });
      case "onlineRequest":
        if (!this.#mayAsk(message.value, endpoint.host, now)) return [close];
        return answer(connection, { case: "onlineResponse", value: { states: this.#online(message.value, now) } });
      case "softwareUpdate":
        return answer(connection, this.#newer(message.value) ?? { case: "softwareUpdate", value: {} });
      case "httpProxyRequest":
        return answer(connection, { case: "httpProxyResponse", value: { error: NO_PROXY } });
      case "hc":
        // A viewer keeps this connection for as long as its session lives; nobody without an account does.
        return message.value.token === "" ? [close] : this.#registrations.kept(connection);
      case undefined:
        return [];
      default:
        return [close];
    }
  }

  #mayAsk({ peers }: OnlineRequest, host: string, now: Millis): boolean {
    const ids = Math.min(peers.length, MAX_ONLINE_QUESTION);
    return this.#questions.spend(host, now) && this.#ids.spend(host, now, ids);
  }

  #natTest(serial: number, { port }: Endpoint): { port: number; cu?: { serial: number; rendezvousServers: string[] } } {
    const { update } = this.#options;
    if (update.serial <= serial) return { port };
    return { port, cu: { serial: update.serial, rendezvousServers: [...update.servers] } };
  }

  /**
   * The list of servers, to a device that has an older one. Only to one that registered from here, and once: the
   * datagram is longer than the one that asked for it.
   */
  #news({ id, serial }: { id: string; serial: number }, from: Endpoint, now: Millis): readonly BrokerEffect[] {
    const { update } = this.#options;
    if (update.serial <= serial || !this.presence.tellOnce(id, from, now)) return [];
    const value = { serial: update.serial, rendezvousServers: [...update.servers] };
    return [{ type: "sendDatagram", to: from, message: { case: "configureUpdate", value } }];
  }

  #newer({ url: version }: SoftwareUpdate): { case: "softwareUpdate"; value: { url: string } } | undefined {
    const { software } = this.#options;
    if (software === undefined || version === software.version) return undefined;
    return { case: "softwareUpdate", value: { url: software.url } };
  }

  /** Most significant bit first (section 2.2). */
  #online({ peers }: OnlineRequest, now: Millis): Uint8Array {
    const asked = peers.slice(0, MAX_ONLINE_QUESTION);
    const states = new Uint8Array(Math.ceil(asked.length / 8));
    asked.forEach((id, i) => {
      if (this.presence.online(id, now) !== undefined) states[i >> 3] = (states[i >> 3] as number) | (0x80 >> (i & 7));
    });
    return states;
  }
}
