import { ADDRESS_BYTES, addressText, isMappedIpv4, packAddress } from "../rendezvous/packed-address.ts";

/** Longest candidate, characters of its JSON; real ones take 150 (docs/protocol/webrtc.md, section 17, row 2). */
export const MAX_CANDIDATE_TEXT = 1024;
/** Longest name of a section that is taken; stock sends none, browsers a digit. */
const MAX_MID = 32;

/** A way to reach one end: the W3C RTCIceCandidateInit dictionary, complete. */
export interface Candidate {
  /** `candidate:<foundation> <component> udp <priority> <address> <port> typ <type> …`, not empty. */
  readonly candidate: string;
  readonly sdpMid: string | null;
  readonly sdpMLineIndex: number | null;
  readonly usernameFragment: string | null;
}

/** The JSON text of IceCandidate.candidate (docs/protocol/webrtc.md, section 7.1). */
export function encodeCandidate({ candidate, sdpMid, sdpMLineIndex, usernameFragment }: Candidate): string {
  return JSON.stringify({ candidate, sdpMid, sdpMLineIndex, usernameFragment });
}

/**
 * The reverse; undefined for what is none or says nothing. The empty `sdpMid` of stock becomes null, since a browser
 * would look for a section of that name, and a section is always named one way or the other.
 */
export function decodeCandidate(text: string): Candidate | undefined {
  if (text.length > MAX_CANDIDATE_TEXT) return undefined;
  const members = membersOf(text);
  if (members === undefined) return undefined;
  const { candidate, sdpMid = null, sdpMLineIndex = null, usernameFragment = null } = members;
  if (typeof candidate !== "string" || candidate.trim() === "") return undefined;
  if (sdpMid !== null && (typeof sdpMid !== "string" || sdpMid.length > MAX_MID)) return undefined;
  if (sdpMLineIndex !== null && !isIndex(sdpMLineIndex)) return undefined;
  if (usernameFragment !== null && typeof usernameFragment !== "string") return undefined;
  const mid = sdpMid === "" ? null : sdpMid;
  const index = mid === null && sdpMLineIndex === null ? 0 : sdpMLineIndex;
  return { candidate, sdpMid: mid, sdpMLineIndex: index, usernameFragment };
}

/** Where a candidate points to. */
export interface CandidatePlace {
  /** An IP address in its usual text form. */
  readonly address: string;
  readonly port: number;
  readonly kind: "host" | "srflx" | "prflx" | "relay";
}

/**
 * Where packets would go, or undefined when none should: a candidate is the wish of a stranger that we send to an
 * address of his choice. No names (they would be looked up), no TCP, nothing that is more than one machine.
 * `loopback`: whether the own machine is taken, as tests want it.
 */
export function placeOf(candidate: string, loopback: boolean): CandidatePlace | undefined {
  const [foundation, , transport, , text = "", portText = "", typ, kind] = candidate.trim().split(" ", 16);
  if (foundation?.startsWith("candidate:") !== true || transport?.toLowerCase() !== "udp" || typ !== "typ")
    return undefined;
  if (kind !== "host" && kind !== "srflx" && kind !== "prflx" && kind !== "relay") return undefined;
  const port = /^\d{1,5}$/.test(portText) ? Number(portText) : 0;
  const packed = new Uint8Array(ADDRESS_BYTES);
  if (port < 1 || port > 65_535 || !packAddress(text, packed, 0) || !isOneMachine(packed, loopback)) return undefined;
  return { address: addressText(packed, 0), port, kind };
}

function isOneMachine(address: Uint8Array, loopback: boolean): boolean {
  const ipv4 = isMappedIpv4(address, 0);
  const [first = 0, ...rest] = ipv4 ? address.subarray(12) : address;
  if (ipv4) return first !== 0 && first < 224 && (first !== 127 || loopback);
  const low = rest.slice(0, -1).every((byte) => byte === 0) && first === 0;
  // ::, ::1, ff00::/8.
  return first !== 0xff && !(low && rest.at(-1) === 0) && (!(low && rest.at(-1) === 1) || loopback);
}

function membersOf(text: string): Partial<Record<keyof Candidate, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    // No JSON, no candidate.
    return undefined;
  }
}

function isIndex(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value < 256;
}
