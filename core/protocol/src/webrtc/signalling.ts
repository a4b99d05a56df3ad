import { type Candidate, decodeCandidate, MAX_CANDIDATE_TEXT, placeOf } from "./candidate.ts";
import { certificateIn, isDataChannelOnly, withCandidates } from "./sdp.ts";

/** Candidates of one connection and direction; a machine has a handful (docs/protocol/webrtc.md, section 17, row 2). */
export const MAX_CANDIDATES = 64;
/** A connection that is not open by then is given up, ms (docs/protocol/webrtc.md, sections 8.3 and 9). */
export const OPEN_WITHIN = 18_000;

/**
 * The description of the other end as it may be given to WebRTC: one data channel, one certificate, no candidates but
 * those we would take one by one. Undefined when it is anything else.
 */
export function acceptable(sdp: string, loopback: boolean): string | undefined {
  if (!isDataChannelOnly(sdp) || certificateIn(sdp) === "") return undefined;
  return withCandidates(sdp, (candidate) => placeOf(candidate, loopback) !== undefined, MAX_CANDIDATES);
}

/** What may be taken of the candidates that the other end of one connection names: each once, and not too many. */
export class CandidateFilter {
  readonly #loopback: boolean;
  readonly #seen = new Set<string>();

  constructor(loopback: boolean) {
    this.#loopback = loopback;
  }

  /** `text`: JSON from IceCandidate. Undefined for nonsense, repetitions, and what points where it should not. */
  taken(text: string): Candidate | undefined {
    if (text.length > MAX_CANDIDATE_TEXT || this.#seen.size >= MAX_CANDIDATES) return undefined;
    const candidate = decodeCandidate(text);
    if (candidate === undefined || placeOf(candidate.candidate, this.#loopback) === undefined) return undefined;
    if (this.#seen.has(candidate.candidate)) return undefined;
    this.#seen.add(candidate.candidate);
    return candidate;
  }
}
