import type { CandidatePlace } from "@pulpit/protocol";

/** What this browser can do. */
export interface PageFacts {
  readonly problem: "insecure-context" | "no-webcodecs" | undefined;
  readonly codecs: readonly string[];
}

/** What became of a WebSocket. `dropped`: it opened, and the other end hung up at once. */
export type DoorFacts =
  | { readonly type: "open"; readonly ms: number }
  | { readonly type: "refused" | "silent" | "dropped" };

/** By how much the server's clock is ahead of this one's, ms; undefined when it does not tell. */
export type ClockFacts = number | undefined;

/** A place at which this device seems to be. */
export interface OwnPlace extends CandidatePlace {
  /** The socket behind it; empty where the browser hides it. */
  readonly base: string;
}

/** What the browser found out about the ways to this device. */
export interface Gathered {
  readonly places: readonly OwnPlace[];
  /** Addresses of this device were there, behind names that only its own network knows. */
  readonly hidden: boolean;
  /** There is nothing more to come. */
  readonly complete: boolean;
}

/** What one STUN server said: `no-server` where there is none to ask, `no-webrtc` where the browser asks nobody. */
export type Heard = Gathered | "no-server" | "no-webrtc";
