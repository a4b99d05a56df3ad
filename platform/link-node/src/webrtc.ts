import { type Binding, type BoundLink, ChannelLink, LinkError, type Path, type WebRtcConnection } from "@pulpit/link";
import {
  type Candidate,
  type CandidatePlace,
  certificateIn,
  type IcePolicy,
  type IceServer,
  OPEN_WITHIN,
  placeOf,
  routeOf,
  withCandidates,
} from "@pulpit/protocol";
import type { DataChannel, PeerConnection, RtcConfig } from "node-datachannel";
import { type ChannelEvents, discard, type NodeChannel, rawChannel } from "./webrtc-channel.ts";
import { datagramOpener } from "./webrtc-datagrams.ts";

/** What a viewer's channel is called; hosts take any name (docs/protocol/webrtc.md, section 13.1). */
const LABEL = "bootstrap";
/** Largest channel message taken, bytes; stock reads no more either (section 13.2). */
const MAX_CHANNEL_MESSAGE = 65_536;

/**
 * Bytes of one connection that may be on their way or wait below what `bufferedAmount` tells: more would only be delay,
 * less would hold up long paths (100 ms and 40 Mbit/s).
 */
const SEND_BUFFER = 512 * 1024;

/** How a connection is made. */
export interface WebRtcOptions {
  /** Without any only the own addresses are tried. */
  readonly iceServers: readonly IceServer[];
  readonly policy: IcePolicy;
  /** The only own address to use; all of them when left out. */
  readonly bindAddress?: string;
  /** Called with each own candidate, to be told to the other end. */
  readonly gathered: (candidate: Candidate) => void;
  /** Largest message taken, bytes. */
  readonly limit: number;
  /** Gives up opening; an open link goes on. */
  readonly signal: AbortSignal;
}

/** Begins a connection as the viewer. Rejects with LinkError. */
export function offerWebRtc(options: WebRtcOptions): Promise<WebRtcConnection> {
  return begin(undefined, options);
}

/** Answers `offer`, the SDP of a viewer, screened (`acceptable`). Rejects with LinkError. */
export function answerWebRtc(offer: string, options: WebRtcOptions): Promise<WebRtcConnection> {
  return begin(offer, options);
}

async function begin(offer: string | undefined, options: WebRtcOptions): Promise<WebRtcConnection> {
  const { signal } = options;
  const aborted = (): LinkError => new LinkError("aborted", "aborted", { cause: signal.reason });
  const library = await loaded();
  if (signal.aborted) throw aborted();
  const settings = configuration(options);
  const connection = new library.PeerConnection("", settings);
  const described = Promise.withResolvers<string>();
  const opened = Promise.withResolvers<BoundLink>();
  // Whoever wants the link awaits it; until then a failure must not count as unhandled.
  opened.promise.catch(() => undefined);
  described.promise.catch(() => undefined);
  const relays: CandidatePlace[] = [];
  let description = "";
  let first: DataChannel | undefined;
  /** The open channel's, from then on. */
  let raw: NodeChannel | undefined;

  const fail = (failure: LinkError): void => {
    if (raw !== undefined) return;
    settled();
    opened.reject(failure);
    described.reject(failure);
    first?.close();
    connection.close();
  };
  const timer = setTimeout(() => fail(new LinkError("timed-out", "no path was found in time")), OPEN_WITHIN);
  const abort = (): void => fail(aborted());
  signal.addEventListener("abort", abort, { once: true });
  function settled(): void {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
  }

  function open(channel: DataChannel): void {
    if (raw !== undefined || !channel.isOpen()) return;
    const binding = bindingOf(connection, description);
    if (binding === undefined) {
      fail(new LinkError("malformed", "a certificate that cannot be checked"));
      return;
    }
    settled();
    // Channel and link know each other; nothing is told before both are there.
    let link: ChannelLink | undefined;
    const events: ChannelEvents = {
      received: (message) => link?.received(message),
      hasRoom: () => link?.hasRoom(),
      ended: (failure) => link?.ended(failure),
    };
    raw = rawChannel(connection, channel, events);
    const openDatagrams = datagramOpener(library, settings, pathOf);
    link = new ChannelLink(raw, { path: pathOf(connection, relays), binding, limit: options.limit, openDatagrams });
    opened.resolve(link);
  }

  connection.onStateChange((state) => {
    // Disconnected may pass; what the channel makes of the rest is its own end.
    if (state === "disconnected" || state === "closed") raw?.left();
    if (state === "failed") raw?.broke();
    if (state === "failed" || state === "closed") fail(new LinkError("unreachable", "no path was found"));
  });
  connection.onLocalDescription((sdp) => described.resolve(withCandidates(sdp, () => false, 0)));
  connection.onLocalCandidate((text, mid) => {
    const candidate = text.replace(/^a=/, "");
    options.gathered({ candidate, sdpMid: mid, sdpMLineIndex: 0, usernameFragment: null });
  });
  const bind = (channel: DataChannel): void => {
    first = channel;
    channel.onClosed(() => fail(new LinkError("unreachable", "the channel closed before it was open")));
    channel.onOpen(() => open(channel));
    open(channel);
  };
  connection.onDataChannel((channel) => {
    if (offer !== undefined && first === undefined) bind(channel);
    else discard(channel);
  });

  try {
    if (offer === undefined) bind(connection.createDataChannel(LABEL));
    else connection.setRemoteDescription(offer, "offer");
  } catch (cause) {
    fail(new LinkError("malformed", "not a description", { cause }));
  }
  description = await described.promise;
  return {
    description,
    async accept(answer) {
      try {
        connection.setRemoteDescription(answer, "answer");
      } catch (cause) {
        const failure = new LinkError("malformed", "not a description", { cause });
        fail(failure);
        throw failure;
      }
    },
    add({ candidate, sdpMid }) {
      const place = placeOf(candidate, true);
      if (place?.kind === "relay") relays.push(place);
      try {
        connection.addRemoteCandidate(candidate, sdpMid ?? "0");
      } catch {
        // A stranger's text that the library does not like; there are others, and time ends it all.
      }
    },
    opened: opened.promise,
    close: () => {
      fail(new LinkError("closed", "given up"));
      connection.close();
    },
  };
}

async function loaded(): Promise<typeof import("node-datachannel")> {
  try {
    // Only where it is needed: it is native code, and not there on every system.
    const library = await import("node-datachannel");
    library.setSctpSettings({ sendBufferSize: SEND_BUFFER });
    return library;
  } catch (cause) {
    throw new LinkError("unreachable", "WebRTC is not available on this system", { cause });
  }
}

function configuration({ iceServers, policy, bindAddress }: WebRtcOptions): RtcConfig {
  return {
    iceServers: iceServers.map(({ scheme, host, port, user, password }) => {
      const hostname = host.includes(":") ? `[${host}]` : host;
      if (scheme === "stun" || scheme === "stuns") return `${scheme}:${hostname}:${port}`;
      const relayType = scheme === "turns" ? "TurnTls" : "TurnUdp";
      return { hostname: host, port, username: user, password, relayType };
    }),
    iceTransportPolicy: policy,
    maxMessageSize: MAX_CHANNEL_MESSAGE,
    ...(bindAddress === undefined ? {} : { bindAddress }),
  };
}

/** Undefined when either certificate is no SHA-256 one. `description`: the own SDP, as it went out. */
function bindingOf(connection: PeerConnection, description: string): Binding | undefined {
  const local = certificateIn(description);
  const { algorithm, value } = connection.remoteFingerprint();
  return local === "" || algorithm !== "sha-256" ? undefined : { local, remote: `sha-256 ${value.toUpperCase()}` };
}

function pathOf(connection: PeerConnection, relays: readonly CandidatePlace[]): Path {
  const pair = connection.getSelectedCandidatePair();
  if (pair === null) return { transport: "webrtc", route: "relay", remote: "" };
  const [local, remote] = [pair.local, pair.remote].map(({ address, port, type }) => ({ address, port, kind: type }));
  if (local === undefined || remote === undefined) return { transport: "webrtc", route: "relay", remote: "" };
  const host = remote.address.includes(":") ? `[${remote.address}]` : remote.address;
  return { transport: "webrtc", route: routeOf({ local, remote }, relays), remote: `${host}:${remote.port}` };
}
