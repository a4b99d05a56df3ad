import type { IceCandidate, ServerMessageInit } from "@pulpit/wire";
import type { Machine, Millis } from "../machine.ts";
import { type Candidate, encodeCandidate } from "./candidate.ts";
import { type Description, decodeEndpoint, sessionKeyOf } from "./endpoint.ts";
import { acceptable, CandidateFilter, MAX_CANDIDATES } from "./signalling.ts";

/** Each candidate is sent again after this, ms: the way from the ID server to the host may be a datagram. */
const REPEAT_AFTER = 400;

export type ViewerSignallingInput =
  /** The own ICE found a way to reach us. */
  | { readonly type: "gathered"; readonly candidate: Candidate }
  /** PunchHoleResponse or RelayResponse brought the host's endpoint; empty when it declined. */
  | { readonly type: "answered"; readonly answer: string }
  | { readonly type: "received"; readonly message: IceCandidate }
  /** Another way has won, or this one. */
  | { readonly type: "decided" }
  | { readonly type: "timeout" };

export type ViewerSignallingEffect =
  /** Give WebRTC the host's description; candidates come after it. */
  | { readonly type: "accept"; readonly answer: Description }
  | { readonly type: "add"; readonly candidate: Candidate }
  /** On the connection of the PunchHoleRequest and on no other. */
  | { readonly type: "send"; readonly message: ServerMessageInit }
  | { readonly type: "finish"; readonly outcome: ViewerSignallingOutcome };

export type ViewerSignallingOutcome =
  | { readonly type: "decided" }
  /** The host wants no WebRTC, or speaks one that is not for us; other ways go on. */
  | { readonly type: "dropped"; readonly why: "declined" | "unusable" };

/**
 * The viewer's end of the exchange through the ID server: candidates of the host wait for its answer, and so do ours.
 * Source: docs/protocol/webrtc.md, sections 7.2 and 8.
 */
export class ViewerSignalling implements Machine<ViewerSignallingInput, ViewerSignallingEffect> {
  readonly #hostId: string;
  readonly #sessionKey: string;
  readonly #loopback: boolean;
  readonly #filter: CandidateFilter;
  #state: "offered" | "answered" | "over" = "offered";
  /** Of the host, before its answer; the oldest are dropped. */
  #early: string[] = [];
  readonly #own: string[] = [];
  /** What is to be sent again, in order of time. */
  readonly #repetitions: { readonly candidate: string; readonly at: Millis }[] = [];

  /** `offer`: the endpoint that went into PunchHoleRequest. `loopback`: whether hosts on the own machine are reached. */
  constructor(options: { hostId: string; offer: string; loopback: boolean }) {
    this.#hostId = options.hostId;
    this.#sessionKey = sessionKeyOf(options.offer);
    this.#loopback = options.loopback;
    this.#filter = new CandidateFilter(options.loopback);
  }

  get deadline(): Millis | undefined {
    return this.#repetitions[0]?.at;
  }

  handle(input: ViewerSignallingInput, now: Millis): readonly ViewerSignallingEffect[] {
    if (this.#state === "over") return [];
    switch (input.type) {
      case "gathered":
        return this.#gathered(encodeCandidate(input.candidate), now);
      case "answered":
        return this.#answered(input.answer, now);
      case "received":
        return this.#received(input.message);
      case "decided":
        return this.#finish({ type: "decided" });
      case "timeout":
        return this.#repeated(now);
    }
  }

  #gathered(candidate: string, now: Millis): readonly ViewerSignallingEffect[] {
    if (this.#own.length >= MAX_CANDIDATES || this.#own.includes(candidate)) return [];
    this.#own.push(candidate);
    return this.#state === "answered" ? [this.#sent(candidate, now)] : [];
  }

  #answered(text: string, now: Millis): readonly ViewerSignallingEffect[] {
    // Requests are repeated, and every one of them is answered.
    if (this.#state === "answered") return [];
    if (text === "") return this.#finish({ type: "dropped", why: "declined" });
    const answer = decodeEndpoint(text);
    const sdp = answer?.type === "answer" ? acceptable(answer.sdp, this.#loopback) : undefined;
    if (answer === undefined || sdp === undefined) return this.#finish({ type: "dropped", why: "unusable" });
    this.#state = "answered";
    const added = this.#early.flatMap((candidate) => this.#added(candidate));
    this.#early = [];
    const sent = this.#own.map((candidate) => this.#sent(candidate, now));
    return [{ type: "accept", answer: { ...answer, sdp } }, ...added, ...sent];
  }

  #received({ sessionKey, candidate }: IceCandidate): readonly ViewerSignallingEffect[] {
    if (this.#sessionKey === "" || sessionKey !== this.#sessionKey || candidate === "") return [];
    if (this.#state === "answered") return this.#added(candidate);
    this.#early.push(candidate);
    if (this.#early.length > MAX_CANDIDATES) this.#early.shift();
    return [];
  }

  #added(text: string): readonly ViewerSignallingEffect[] {
    const candidate = this.#filter.taken(text);
    return candidate === undefined ? [] : [{ type: "add", candidate }];
  }

  #sent(candidate: string, now: Millis): ViewerSignallingEffect {
    this.#repetitions.push({ candidate, at: now + REPEAT_AFTER });
    return this.#message(candidate);
  }

  #repeated(now: Millis): readonly ViewerSignallingEffect[] {
    const effects: ViewerSignallingEffect[] = [];
    for (let next = this.#repetitions[0]; next !== undefined && next.at <= now; next = this.#repetitions[0]) {
      this.#repetitions.shift();
      effects.push(this.#message(next.candidate));
    }
    return effects;
  }

  #message(candidate: string): ViewerSignallingEffect {
    const value = { id: this.#hostId, socketAddr: new Uint8Array(0), sessionKey: this.#sessionKey, candidate };
    return { type: "send", message: { case: "iceCandidate", value } };
  }

  #finish(outcome: ViewerSignallingOutcome): readonly ViewerSignallingEffect[] {
    this.#state = "over";
    this.#early = [];
    this.#repetitions.length = 0;
    return [{ type: "finish", outcome }];
  }
}
