import type { Endpoint } from "../endpoint.ts";
import type { Filtering, Mapping } from "../nat/behaviours.ts";

/** What UDP finds on its way to two addresses of a server (RFC 5780, sections 4.3 and 4.4). */
export type Probe =
  | { readonly type: "blocked" }
  | { readonly type: "open"; readonly mapping: Mapping; readonly filtering: Filtering; readonly outer: Endpoint };

/** A socket that has spoken to the server, and how it looks from there. */
export interface Prepared {
  readonly socket: number;
  readonly outer: Endpoint;
}

/** "met" when bytes went both ways; `from` is where the other one's came from. */
export type Punch = { readonly type: "met"; readonly from: Endpoint } | { readonly type: "missed" };

/** What happens to a first packet: somebody answers, it is refused, or nothing comes back at all. */
export type Knock = "answered" | "refused" | "silent";

export type Transport = "udp" | "tcp";

/** What an agent does when asked, by name: what it is given and what it answers. */
export interface Orders {
  probe: { readonly given: ProbeOrder; readonly answer: Probe };
  /** Undefined where the server cannot be reached. */
  prepare: {
    readonly given: PrepareOrder;
    readonly answer: Prepared | null;
  };
  /** Both ends are asked at about the same time, each with the other one's outer endpoint. */
  punch: { readonly given: PunchOrder; readonly answer: Punch };
  knock: { readonly given: { readonly transport: Transport; readonly at: Endpoint }; readonly answer: Knock };
}

export interface ProbeOrder {
  readonly servers: readonly [string, string];
  /** Of the socket whose mapping is looked at. Any that is free, when nothing is said. */
  readonly localPort?: number;
}

export interface PrepareOrder {
  readonly transport: Transport;
  /** One of the addresses of a lab's server. */
  readonly server: string;
  /** Any that is free, when nothing is said. */
  readonly localPort?: number;
}

export interface PunchOrder {
  readonly socket: number;
  readonly peer: Endpoint;
  /** The same word at both ends: what else arrives is not the other one. */
  readonly word: string;
  /** How long to try, ms. */
  readonly patience: number;
}

export type OrderName = keyof Orders;

/** A line to the agent, and its line back. */
export interface OrderLine {
  readonly id: number;
  readonly name: OrderName;
  readonly given: unknown;
}

export interface AnswerLine {
  readonly id: number;
  readonly answer?: unknown;
  readonly error?: string;
}
