import type { ServerMessageInit } from "@pulpit/wire";
import type { Millis } from "../machine.ts";
import { type Candidate, encodeCandidate } from "./candidate.ts";
import type { IcePolicy } from "./policy.ts";
import { CandidateFilter, MAX_CANDIDATES, OPEN_WITHIN } from "./signalling.ts";

/** What a host knows of one connection that it answers: from the offer until the connection ends. */
export class Answerer {
  readonly number: number;
  readonly sessionKey: string;
  readonly policy: IcePolicy;
  /** Address of the viewer, as the ID server gave it with the first offer. */
  readonly viewer: string;
  /** Open by then, or given up. */
  readonly opensBy: Millis;
  /** Calls that wait for the answer. */
  readonly waiting: number[] = [];
  /** The endpoint to answer with, once there is one. */
  answer: string | undefined;
  opened = false;
  /** Of the newest invitation, byte for byte: it finds the viewer. */
  #route: Uint8Array;
  readonly #filter: CandidateFilter;
  readonly #own = new Set<string>();

  constructor(
    facts: Pick<Answerer, "number" | "sessionKey" | "policy" | "viewer"> & { loopback: boolean; route: Uint8Array },
    now: Millis,
  ) {
    this.number = facts.number;
    this.sessionKey = facts.sessionKey;
    this.policy = facts.policy;
    this.viewer = facts.viewer;
    this.opensBy = now + OPEN_WITHIN;
    this.#route = facts.route;
    this.#filter = new CandidateFilter(facts.loopback);
  }

  rerouted(route: Uint8Array): void {
    this.#route = route;
  }

  /** Of the viewer; undefined when it is not to be used. */
  taken(text: string): Candidate | undefined {
    return this.opened ? undefined : this.#filter.taken(text);
  }

  /** The message that tells the viewer about one of ours; undefined when it needs none. */
  told(candidate: Candidate): ServerMessageInit | undefined {
    const text = encodeCandidate(candidate);
    if (this.opened || this.#own.has(text) || this.#own.size >= MAX_CANDIDATES) return undefined;
    this.#own.add(text);
    const value = { id: "", socketAddr: this.#route, sessionKey: this.sessionKey, candidate: text };
    return { case: "iceCandidate", value };
  }
}
