import { offerWebRtc } from "@pulpit/link-browser";
import type { IceServer } from "@pulpit/protocol";
import type { Ways } from "@pulpit/viewer";

/** Largest message of a host before anybody asked for another limit, bytes. */
const LIMIT = 64 * 1024;

/**
 * The ways to a host that a page has beside the relay: WebRTC, or none where the browser lacks it.
 * `iceServers`: none are contacted but these.
 */
export function pageWays(iceServers: readonly IceServer[]): Ways {
  if (!("RTCPeerConnection" in globalThis)) return {};
  return {
    webrtc: ({ gathered, signal }) => offerWebRtc({ iceServers, policy: "all", gathered, limit: LIMIT, signal }),
  };
}
