import { base64Of } from "./base64.ts";
import { fingerprintIn } from "./sdp.ts";

const PREFIX = "webrtc://";
/** Characters of an endpoint that are looked at; stock ones take 600 to 2 500. */
const MAX_ENDPOINT = 16_384;

/** One end of a connection to be, as it travels through the ID server. */
export interface Description {
  readonly type: "offer" | "answer";
  /** SDP text, CR LF line ends. */
  readonly sdp: string;
  /** Whether its sender lets ICE take any path; otherwise only relayed ones (docs/protocol/webrtc.md, section 3.2). */
  readonly declaresAll: boolean;
}

/** The text for webrtc_sdp_offer and webrtc_sdp_answer. Source: docs/protocol/webrtc.md, section 3.1. */
export function encodeEndpoint({ type, sdp, declaresAll }: Description): string {
  const json = JSON.stringify({ type, sdp, ...(declaresAll ? { ice_policy: "all" } : {}) });
  return PREFIX + base64Of(new TextEncoder().encode(json));
}

/** The reverse; undefined for what is none. The SDP is as hostile as the rest: see `sdp.ts`. */
export function decodeEndpoint(text: string): Description | undefined {
  const { type, sdp, ice_policy } = membersIn(text);
  if ((type !== "offer" && type !== "answer") || typeof sdp !== "string") return undefined;
  return { type, sdp, declaresAll: ice_policy === "all" };
}

/** Section 3.2: needs nothing but the policy; false for everything that is not understood. */
export function declaresAll(endpoint: string): boolean {
  return membersIn(endpoint).ice_policy === "all";
}

/**
 * What an offer and the candidates that belong to it have in common: the offer's DTLS fingerprint as it stands
 * in its SDP; empty for no or an unusable offer. Source: docs/protocol/webrtc.md, sections 3.1 and 4.
 */
export function sessionKeyOf(offer: string): string {
  const { sdp } = membersIn(offer);
  return typeof sdp === "string" ? fingerprintIn(sdp) : "";
}

interface Members {
  readonly type?: unknown;
  readonly sdp?: unknown;
  readonly ice_policy?: unknown;
}

/** Of the JSON object inside; none for what is no endpoint. */
function membersIn(endpoint: string): Members {
  if (!endpoint.startsWith(PREFIX) || endpoint.length > MAX_ENDPOINT) return {};
  try {
    const bytes = Uint8Array.from(atob(endpoint.slice(PREFIX.length)), (character) => character.charCodeAt(0));
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
  } catch {
    // Any of three decoders: whichever it was, there is nothing in it.
    return {};
  }
}
