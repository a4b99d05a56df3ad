import { DatagramQueue, LinkError, type OpenDatagrams, type Path, type PeerSocket } from "@pulpit/link";
import { type CandidatePlace, endIn, hostDescription, OPEN_WITHIN, placeOf } from "@pulpit/protocol";

const CHANNEL = "datagrams";
/** Neither in order nor sent again: KCP sees to both. */
const AS_THEY_COME: RTCDataChannelInit = { ordered: false, maxRetransmits: 0 };
/** More than this in the channel is not sent any more, bytes: what waits there is late, and KCP should know. */
const MAX_IN_CHANNEL = 128 * 1024;
/** What is larger, KCP never sent. */
const MAX_DATAGRAM = 1500;

/**
 * Datagrams to and from a host on a second WebRTC connection: they come as RTP packets, which a worker takes from the
 * browser before it would play them, and go on a channel that drops what is lost. Undefined where a browser hands out no
 * packets. Source: docs/protocol/extensions.md, "9: datagrams".
 */
export function datagramOpener(
  connect: () => RTCPeerConnection,
  pathOf: (connection: RTCPeerConnection, relays: readonly CandidatePlace[]) => Promise<Path>,
): OpenDatagrams | undefined {
  if (!("RTCRtpScriptTransform" in globalThis)) return undefined;
  return async ({ gathered, signal }) => {
    signal.throwIfAborted();
    const connection = connect();
    const worker = new Worker(new URL("./rtp-worker.ts", import.meta.url), { type: "module" });
    const opened = Promise.withResolvers<{ readonly socket: PeerSocket; readonly path: Path }>();
    const waiting = new DatagramQueue<Uint8Array>();
    const relays: CandidatePlace[] = [];
    let settled = false;
    opened.promise.catch(() => undefined);

    function close(): void {
      waiting.close();
      worker.terminate();
      connection.close();
    }
    function settle(): boolean {
      if (settled) return false;
      settled = true;
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
      return true;
    }
    function fail(failure: LinkError): void {
      // After that whoever uses the socket learns it by its end.
      close();
      if (settle()) opened.reject(failure);
    }
    const abort = (): void => fail(new LinkError("aborted", "aborted", { cause: signal.reason }));
    const timer = setTimeout(() => fail(new LinkError("timed-out", "no path was found in time")), OPEN_WITHIN);
    signal.addEventListener("abort", abort, { once: true });

    connection.addEventListener("icecandidate", ({ candidate }) => {
      // The last event has none, and some browsers send an empty one before it.
      if (candidate === null || candidate.candidate === "") return;
      const { sdpMid, sdpMLineIndex, usernameFragment } = candidate;
      gathered({ candidate: candidate.candidate, sdpMid, sdpMLineIndex, usernameFragment });
    });
    connection.addEventListener("connectionstatechange", () => {
      if (connection.connectionState === "failed") fail(new LinkError("unreachable", "no path was found"));
    });
    worker.addEventListener("message", ({ data }: MessageEvent<readonly ArrayBuffer[]>) => {
      for (const datagram of data) if (datagram.byteLength <= MAX_DATAGRAM) waiting.put(new Uint8Array(datagram));
    });
    worker.addEventListener("error", () => fail(new LinkError("unreachable", "the browser runs no worker")));

    const channel = connection.createDataChannel(CHANNEL, AS_THEY_COME);
    channel.addEventListener("close", () => fail(new LinkError("unreachable", "the channel closed")));
    channel.addEventListener("open", async () => {
      const path = await pathOf(connection, relays);
      if (settle()) opened.resolve({ path, socket: socketOf(path.remote, channel, waiting, close) });
    });
    try {
      opusReceiver(connection).transform = new RTCRtpScriptTransform(worker);
      await connection.setLocalDescription();
    } catch (cause) {
      fail(new LinkError("unreachable", "the browser makes no connection", { cause }));
    }
    const end = endIn(connection.localDescription?.sdp ?? "", 0);
    if (end === undefined) {
      const failure = new LinkError("malformed", "an unexpected description");
      fail(failure);
      throw failure;
    }
    return {
      end,
      opened: opened.promise,
      async accept(host) {
        // The host names the same payload type again; ours is the one that counts.
        const sdp = hostDescription({ ...host, payloadType: end.payloadType });
        try {
          await connection.setRemoteDescription({ type: "answer", sdp });
        } catch (cause) {
          fail(new LinkError("malformed", "not a description", { cause }));
        }
      },
      add(candidate) {
        const place = placeOf(candidate.candidate, true);
        if (place?.kind === "relay") relays.push(place);
        // A stranger's text that the browser does not like; there are others, and time ends it all.
        connection.addIceCandidate(candidate).catch(() => undefined);
      },
    };
  };
}

/** Of sound: browsers hold back packets of video until a picture is due. Opus alone, whose packets may be anything. */
function opusReceiver(connection: RTCPeerConnection): RTCRtpReceiver {
  const transceiver = connection.addTransceiver("audio", { direction: "recvonly" });
  const codecs = RTCRtpReceiver.getCapabilities("audio")?.codecs ?? [];
  transceiver.setCodecPreferences(codecs.filter(({ mimeType }) => mimeType.toLowerCase() === "audio/opus"));
  return transceiver.receiver;
}

function socketOf(
  remote: string,
  channel: RTCDataChannel,
  waiting: DatagramQueue<Uint8Array>,
  close: () => void,
): PeerSocket {
  return {
    remote,
    receive: () => waiting.next(),
    send(datagram) {
      if (channel.readyState !== "open" || channel.bufferedAmount >= MAX_IN_CHANNEL) return;
      channel.send(datagram as Uint8Array<ArrayBuffer>);
    },
    close: async () => close(),
  };
}
