import { type BoundLink, ChannelLink, LinkError, type WebRtcConnection } from "@pulpit/link";
import {
  type Candidate,
  type CandidatePlace,
  type IcePolicy,
  type IceServer,
  OPEN_WITHIN,
  placeOf,
  withCandidates,
} from "@pulpit/protocol";
import { pageChannel } from "./webrtc-channel.ts";
import { datagramOpener } from "./webrtc-datagrams.ts";
import { factsOf } from "./webrtc-facts.ts";

/** What stock viewers call their channel (docs/protocol/webrtc.md, section 13.1). */
const LABEL = "bootstrap";

/** How a connection is made. */
export interface WebRtcOptions {
  /** Without any only the own addresses are tried. */
  readonly iceServers: readonly IceServer[];
  readonly policy: IcePolicy;
  /** Called with each own candidate, to be told to the other end. */
  readonly gathered: (candidate: Candidate) => void;
  /** Largest message taken, bytes. */
  readonly limit: number;
  /** Gives up opening; an open link goes on. */
  readonly signal: AbortSignal;
}

/** Begins a connection to a host from a page. Rejects with LinkError. */
export async function offerWebRtc(options: WebRtcOptions): Promise<WebRtcConnection> {
  const { signal, gathered } = options;
  const aborted = (): LinkError => new LinkError("aborted", "aborted", { cause: signal.reason });
  if (signal.aborted) throw aborted();
  const connection = connectionFor(options);
  const channel = connection.createDataChannel(LABEL);
  const raw = pageChannel(connection, channel);
  const opened = Promise.withResolvers<BoundLink>();
  // Whoever wants the link awaits it; until then a failure must not count as unhandled.
  opened.promise.catch(() => undefined);
  const relays: CandidatePlace[] = [];
  let settled = false;

  function settle(): boolean {
    if (settled) return false;
    settled = true;
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
    return true;
  }
  function fail(failure: LinkError): void {
    if (!settle()) return;
    opened.reject(failure);
    connection.close();
  }
  const timer = setTimeout(() => fail(new LinkError("timed-out", "no path was found in time")), OPEN_WITHIN);
  const abort = (): void => fail(aborted());
  signal.addEventListener("abort", abort, { once: true });

  connection.addEventListener("icecandidate", ({ candidate }) => {
    // The last event has none, and some browsers send an empty one before it.
    if (candidate === null || candidate.candidate === "") return;
    const { sdpMid, sdpMLineIndex, usernameFragment } = candidate;
    gathered({ candidate: candidate.candidate, sdpMid, sdpMLineIndex, usernameFragment });
  });
  connection.addEventListener("connectionstatechange", () => {
    // Disconnected may pass.
    if (connection.connectionState !== "failed") return;
    if (settled) raw.broke();
    else fail(new LinkError("unreachable", "no path was found"));
  });

  try {
    const { sdp = "" } = await connection.createOffer();
    await connection.setLocalDescription({ type: "offer", sdp });
    const description = withCandidates(sdp, () => false, 0);
    channel.addEventListener("close", () =>
      fail(new LinkError("unreachable", "the channel closed before it was open")),
    );
    channel.addEventListener("open", async () => {
      const { path, binding } = await factsOf(connection, description, relays);
      if (binding === undefined) return fail(new LinkError("malformed", "a certificate that cannot be checked"));
      if (!settle()) return;
      const openDatagrams = datagramOpener(
        () => connectionFor(options),
        async (other, places) => (await factsOf(other, description, places)).path,
      );
      const { limit } = options;
      const link = new ChannelLink(raw, { path, binding, limit, ...(openDatagrams && { openDatagrams }) });
      raw.tell(link);
      opened.resolve(link);
    });
    return {
      description,
      async accept(answer) {
        try {
          await connection.setRemoteDescription({ type: "answer", sdp: answer });
        } catch (cause) {
          const failure = new LinkError("malformed", "not a description", { cause });
          fail(failure);
          throw failure;
        }
      },
      add(candidate) {
        const place = placeOf(candidate.candidate, true);
        if (place?.kind === "relay") relays.push(place);
        // A stranger's text that the browser does not like; there are others, and time ends it all.
        connection.addIceCandidate(candidate).catch(() => undefined);
      },
      opened: opened.promise,
      close() {
        fail(new LinkError("closed", "given up"));
        if (connection.connectionState !== "closed") raw.destroy();
      },
    };
  } catch (cause) {
    const failure = new LinkError("unreachable", "the browser makes no connection", { cause });
    fail(failure);
    throw failure;
  }
}

function connectionFor({ iceServers, policy }: WebRtcOptions): RTCPeerConnection {
  const servers = iceServers.map(({ scheme, host, port, user, password }) => {
    const urls = `${scheme}:${host.includes(":") ? `[${host}]` : host}:${port}`;
    return user === "" ? { urls } : { urls, username: user, credential: password };
  });
  try {
    return new RTCPeerConnection({ iceServers: servers, iceTransportPolicy: policy });
  } catch (cause) {
    throw new LinkError("unreachable", "WebRTC is not available here", { cause });
  }
}
