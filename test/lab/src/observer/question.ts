import type { Endpoint } from "../endpoint.ts";

/** The ports that are observed on both addresses, over UDP and TCP (RFC 8489 gives the first one to STUN). */
export const OBSERVER_PORTS = [3478, 3479] as const;
/** TCP is observed there too: it is the last port that is open where nearly nothing is. */
export const OPEN_PORT = 443;

/** Who shall answer, as CHANGE-REQUEST of RFC 5780, section 7.2 has it. */
export type AnswerFrom = "here" | "other-port" | "other-address";

/** What is sent to the observer in a datagram, as JSON. */
export interface Question {
  readonly transaction: string;
  readonly answerFrom: AnswerFrom;
}

/** What it answers: where the question came from. Over TCP it says so to everybody who connects, in one line. */
export interface Observation {
  readonly transaction: string;
  readonly from: Endpoint;
}
