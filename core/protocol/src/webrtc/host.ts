import { decodeSocketAddress, type IceCandidate, type ServerMessageInit } from "@pulpit/wire";
import type { Machine, Millis } from "../machine.ts";
import { Answerer } from "./answerer.ts";
import type { Candidate } from "./candidate.ts";
import { type Description, decodeEndpoint, sessionKeyOf } from "./endpoint.ts";
import { type HostSituation, hostPolicy, type IcePolicy } from "./policy.ts";
import { acceptable } from "./signalling.ts";

/** Connections that are being made at a time, of all viewers: each costs sockets and tells our addresses. */
const MAX_UNOPENED = 8;
/** … and of one viewer's address (docs/protocol/webrtc.md, section 17, row 1). */
const MAX_UNOPENED_OF_ONE = 2;
/** Calls with one offer that wait for its answer; a viewer calls three times. */
const MAX_WAITING = 8;

export type HostSignallingInput =
  /** A PunchHole with an offer came. `call` is the caller's name for it. */
  | {
      readonly type: "invited";
      readonly call: number;
      readonly offer: string;
      readonly socketAddr: Uint8Array;
      readonly forceRelay: boolean;
    }
  /** WebRTC made the answer: `answer` is its endpoint. */
  | { readonly type: "described"; readonly answerer: number; readonly answer: string }
  | { readonly type: "gathered"; readonly answerer: number; readonly candidate: Candidate }
  | { readonly type: "received"; readonly message: IceCandidate }
  /** The channel is open. */
  | { readonly type: "opened"; readonly answerer: number }
  /** The connection ended, or could not be made at all. */
  | { readonly type: "closed"; readonly answerer: number }
  | { readonly type: "timeout" };

export type HostSignallingEffect =
  /** Make a connection; `described` or `closed` comes back. */
  | {
      readonly type: "build";
      readonly answerer: number;
      readonly offer: Description;
      readonly policy: IcePolicy;
    }
  | { readonly type: "add"; readonly answerer: number; readonly candidate: Candidate }
  /** Put this into the reply to the call; empty declines. */
  | { readonly type: "answer"; readonly call: number; readonly answer: string }
  /** On a connection to the ID server of its own, one for each answerer (section 7.3). */
  | { readonly type: "send"; readonly answerer: number; readonly message: ServerMessageInit }
  /** End this connection; nothing more is heard of it here. */
  | { readonly type: "close"; readonly answerer: number };

/**
 * The host's end of the exchange through the ID server, of all connections together: an offer that is repeated gets
 * the same answer and no second connection. Source: docs/protocol/webrtc.md, sections 7.3 and 9.
 */
export class HostSignalling implements Machine<HostSignallingInput, HostSignallingEffect> {
  readonly #situation: () => Pick<HostSituation, "proxy" | "turn" | "rule">;
  readonly #loopback: boolean;
  readonly #answerers = new Map<string, Answerer>();
  #made = 0;

  /** `situation`: what holds when an offer comes. `loopback`: whether viewers on the own machine are reached. */
  constructor(options: {
    situation: () => Pick<HostSituation, "proxy" | "turn" | "rule">;
    loopback: boolean;
  }) {
    this.#situation = options.situation;
    this.#loopback = options.loopback;
  }

  get deadline(): Millis | undefined {
    const times = [...this.#unopened()].map(({ opensBy }) => opensBy);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  handle(input: HostSignallingInput, now: Millis): readonly HostSignallingEffect[] {
    switch (input.type) {
      case "invited":
        return this.#invited(input, now);
      case "received":
        return this.#received(input.message);
      case "timeout":
        return [...this.#unopened()].filter(({ opensBy }) => opensBy <= now).flatMap((late) => this.#close(late));
      default:
        return this.#happened(input);
    }
  }

  #invited(
    { call, offer, socketAddr, forceRelay }: Extract<HostSignallingInput, { readonly type: "invited" }>,
    now: Millis,
  ): readonly HostSignallingEffect[] {
    const declined = [{ type: "answer", call, answer: "" }] as const;
    const description = decodeEndpoint(offer);
    const sdp = description?.type === "offer" ? acceptable(description.sdp, this.#loopback) : undefined;
    const sessionKey = sessionKeyOf(offer);
    if (description === undefined || sdp === undefined || sessionKey === "") return declined;
    const policy = hostPolicy({ ...this.#situation(), forceRelay, declaresAll: description.declaresAll });
    if (policy === undefined) return declined;

    const { host, port } = decodeSocketAddress(socketAddr);
    const viewer = `${host} ${port}`;
    const known = this.#answerers.get(sessionKey);
    // Whoever has seen an offer could send it again as his own (section 17, row 15).
    if (known !== undefined && known.viewer !== viewer) return declined;
    if (known?.policy === policy) return this.#again(known, call, socketAddr);
    if (known?.opened) return declined;
    const replaced = known === undefined ? [] : this.#close(known);
    if (!this.#hasRoomFor(host)) return [...replaced, ...declined];

    this.#made += 1;
    const facts = { number: this.#made, sessionKey, policy, viewer, loopback: this.#loopback, route: socketAddr };
    const answerer = new Answerer(facts, now);
    answerer.waiting.push(call);
    this.#answerers.set(sessionKey, answerer);
    return [...replaced, { type: "build", answerer: answerer.number, offer: { ...description, sdp }, policy }];
  }

  #again(known: Answerer, call: number, route: Uint8Array): readonly HostSignallingEffect[] {
    known.rerouted(route);
    if (known.answer !== undefined) return [{ type: "answer", call, answer: known.answer }];
    if (known.waiting.length >= MAX_WAITING) return [{ type: "answer", call, answer: "" }];
    known.waiting.push(call);
    return [];
  }

  #received({ sessionKey, candidate: text }: IceCandidate): readonly HostSignallingEffect[] {
    const answerer = this.#answerers.get(sessionKey);
    const candidate = answerer?.taken(text);
    if (answerer === undefined || candidate === undefined) return [];
    return [{ type: "add", answerer: answerer.number, candidate }];
  }

  #happened(input: Extract<HostSignallingInput, { readonly answerer: number }>): readonly HostSignallingEffect[] {
    const answerer = [...this.#answerers.values()].find(({ number }) => number === input.answerer);
    // It was given up while this was on its way.
    if (answerer === undefined) return [];
    switch (input.type) {
      case "described":
        answerer.answer = input.answer;
        return answerer.waiting.splice(0).map((call) => ({ type: "answer", call, answer: input.answer }));
      case "gathered": {
        const message = answerer.told(input.candidate);
        return message === undefined ? [] : [{ type: "send", answerer: answerer.number, message }];
      }
      case "opened":
        answerer.opened = true;
        return [];
      case "closed":
        return this.#forget(answerer);
    }
  }

  #close(answerer: Answerer): readonly HostSignallingEffect[] {
    return [{ type: "close", answerer: answerer.number }, ...this.#forget(answerer)];
  }

  /** Calls that still wait are told that there is no answer. */
  #forget(answerer: Answerer): readonly HostSignallingEffect[] {
    this.#answerers.delete(answerer.sessionKey);
    return answerer.waiting.splice(0).map((call) => ({ type: "answer", call, answer: "" }));
  }

  #hasRoomFor(host: string): boolean {
    const unopened = [...this.#unopened()];
    const ofOne = unopened.filter(({ viewer }) => viewer.startsWith(`${host} `));
    return unopened.length < MAX_UNOPENED && ofOne.length < MAX_UNOPENED_OF_ONE;
  }

  *#unopened(): Iterable<Answerer> {
    for (const answerer of this.#answerers.values()) if (!answerer.opened) yield answerer;
  }
}
