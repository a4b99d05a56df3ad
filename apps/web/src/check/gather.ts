import { type IceServer, placeOf } from "@pulpit/protocol";
import type { Heard, OwnPlace } from "./facts.ts";

/** Browsers ask a STUN server several times within this; who has not answered by then is not reached, ms. */
const PATIENCE = 5_000;
/** After an answer the others have this long, ms: a family without a way to the server would take all of the patience. */
const SETTLED_AFTER = 2_000;
/** Places that are looked at: a device has a handful. */
const MAX_PLACES = 64;

/** What the browser learns about its own place by asking these STUN servers through one socket. */
export async function gather(servers: readonly IceServer[], signal: AbortSignal): Promise<Heard> {
  const connection = connectionFor(servers);
  if (connection === undefined) return "no-webrtc";
  const places: OwnPlace[] = [];
  let hidden = false;
  const { promise: done, resolve: finish } = Promise.withResolvers<void>();
  const timer = setTimeout(finish, PATIENCE);
  let settled: ReturnType<typeof setTimeout> | undefined;
  signal.addEventListener("abort", () => finish(), { once: true });
  connection.addEventListener("icegatheringstatechange", () => {
    if (connection.iceGatheringState === "complete") finish();
  });
  connection.addEventListener("icecandidate", ({ candidate }) => {
    if (candidate === null || places.length >= MAX_PLACES) return;
    const place = placeOf(candidate.candidate, true);
    if (place !== undefined) places.push({ ...place, base: baseOf(candidate) });
    else if (candidate.address?.endsWith(".local") === true) hidden = true;
    if (place?.kind !== "srflx") return;
    clearTimeout(settled);
    settled = setTimeout(finish, SETTLED_AFTER);
  });
  try {
    connection.createDataChannel("check");
    await connection.setLocalDescription(await connection.createOffer());
    await done;
    return { places, hidden, complete: connection.iceGatheringState === "complete" };
  } finally {
    clearTimeout(timer);
    clearTimeout(settled);
    connection.close();
  }
}

/** Undefined where the browser has no WebRTC, or whoever looks after it does not want any. */
function connectionFor(servers: readonly IceServer[]): RTCPeerConnection | undefined {
  const iceServers = servers.map(({ scheme, host, port }) => ({
    urls: `${scheme}:${host.includes(":") ? `[${host}]` : host}:${port}`,
  }));
  try {
    return new RTCPeerConnection({ iceServers });
  } catch {
    return undefined;
  }
}

/** Browsers that hide addresses give zeros. */
function baseOf({ relatedAddress, relatedPort }: RTCIceCandidate): string {
  return relatedPort ? `${relatedAddress} ${relatedPort}` : "";
}
