import { randomInt } from "node:crypto";
import {
  type DatagramConnection,
  DatagramQueue,
  LinkError,
  type OpenDatagrams,
  type Path,
  type PeerSocket,
} from "@pulpit/link";
import {
  type CandidatePlace,
  type DatagramEnd,
  endIn,
  hostDescription,
  OPEN_WITHIN,
  placeOf,
  RTP_HEADER,
  RtpSender,
  viewerDescription,
} from "@pulpit/protocol";
import type { DataChannel, PeerConnection, RtcConfig, Track } from "node-datachannel";
import { discard } from "./webrtc-channel.ts";

/** Sections of the descriptions: RTP towards the viewer, a channel back. */
const RTP_SECTION = "0";
const CHANNEL = "datagrams";
/** Neither in order nor sent again: KCP sees to both. */
const AS_THEY_COME = { unordered: true, maxRetransmits: 0 } as const;
/** Opus of a Node viewer; any dynamic number would do. */
const PAYLOAD_TYPE = 111;
/** More than this in the channel is not sent any more, bytes: what waits there is late, and KCP should know. */
const MAX_IN_CHANNEL = 128 * 1024;

/** What a larger one is, KCP never sent. */
const MAX_DATAGRAM = 1500;

type Library = typeof import("node-datachannel");

/**
 * Datagrams to and from the other end of a WebRTC connection, on a second one: as RTP to the viewer, on a channel that
 * drops what is lost to the host. Source: docs/protocol/extensions.md, "9: datagrams".
 */
export function datagramOpener(
  library: Library,
  configuration: RtcConfig,
  pathOf: (connection: PeerConnection, relays: readonly CandidatePlace[]) => Path,
): OpenDatagrams {
  return async ({ viewer, gathered, signal }) => {
    signal.throwIfAborted();
    const connection = new library.PeerConnection("", configuration);
    const described = Promise.withResolvers<string>();
    const opened = Promise.withResolvers<{ readonly socket: PeerSocket; readonly path: Path }>();
    const waiting = new DatagramQueue<Uint8Array>();
    const relays: CandidatePlace[] = [];
    let track: Track | undefined;
    let channel: DataChannel | undefined;
    let end: DatagramEnd | undefined;
    let settled = false;
    opened.promise.catch(() => undefined);
    described.promise.catch(() => undefined);

    const put = (datagram: Uint8Array): void => {
      if (datagram.length <= MAX_DATAGRAM) waiting.put(datagram);
    };
    const close = (): void => {
      waiting.close();
      track?.close();
      channel?.close();
      connection.close();
    };
    const settle = (): void => {
      settled = true;
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
    };
    const fail = (failure: LinkError): void => {
      // After that whoever uses the socket learns it by its end.
      close();
      if (settled) return;
      settle();
      opened.reject(failure);
      described.reject(failure);
    };
    const abort = (): void => fail(new LinkError("aborted", "aborted", { cause: signal.reason }));
    const timer = setTimeout(() => fail(new LinkError("timed-out", "no path was found in time")), OPEN_WITHIN);
    signal.addEventListener("abort", abort, { once: true });

    const open = (): void => {
      if (settled || end === undefined || track?.isOpen() !== true || channel?.isOpen() !== true) return;
      settle();
      const path = pathOf(connection, relays);
      const sendTo = viewer === undefined ? overChannel(channel) : overRtp(track, end);
      opened.resolve({ path, socket: socketOf(path.remote, sendTo, waiting, close) });
    };
    const bindTrack = (it: Track): void => {
      track = it;
      it.onOpen(open);
      // The library frees what may tell that it is closed.
      it.onClosed(close);
      // What a browser says about the stream it believes in (RTCP) is of no use.
      it.onMessage((packet) => viewer === undefined && put(packet.subarray(RTP_HEADER)));
    };
    const bindChannel = (it: DataChannel): void => {
      channel = it;
      it.onOpen(open);
      it.onClosed(close);
      it.onMessage((data) => viewer !== undefined && typeof data !== "string" && put(bytesOf(data)));
      open();
    };
    connection.onStateChange((state) => {
      if (state === "failed" || state === "closed") fail(new LinkError("unreachable", "no path was found"));
    });
    connection.onLocalDescription((sdp) => described.resolve(sdp));
    connection.onLocalCandidate((text, mid) => {
      gathered({ candidate: text.replace(/^a=/, ""), sdpMid: mid, sdpMLineIndex: 0, usernameFragment: null });
    });
    connection.onTrack(bindTrack);
    connection.onDataChannel((it) => (channel === undefined ? bindChannel(it) : discard(it)));

    try {
      if (viewer === undefined) {
        const audio = new library.Audio(RTP_SECTION, "RecvOnly");
        audio.addOpusCodec(PAYLOAD_TYPE);
        bindTrack(connection.addTrack(audio));
        bindChannel(connection.createDataChannel(CHANNEL, AS_THEY_COME));
      } else connection.setRemoteDescription(viewerDescription(viewer), "offer");
    } catch (cause) {
      fail(new LinkError("malformed", "not a description", { cause }));
    }
    end = endIn(await described.promise, viewer === undefined ? 0 : randomInt(1, 2 ** 32));
    if (end === undefined) {
      const failure = new LinkError("malformed", "an unexpected description");
      fail(failure);
      throw failure;
    }
    return {
      end,
      opened: opened.promise,
      async accept(host) {
        try {
          connection.setRemoteDescription(hostDescription(host), "answer");
        } catch (cause) {
          fail(new LinkError("malformed", "not a description", { cause }));
        }
      },
      add({ candidate, sdpMid }) {
        const place = placeOf(candidate, true);
        if (place?.kind === "relay") relays.push(place);
        try {
          connection.addRemoteCandidate(candidate, sdpMid ?? RTP_SECTION);
        } catch {
          // A stranger's text that the library does not like; there are others, and time ends it all.
        }
      },
    } satisfies DatagramConnection;
  };
}

function overRtp(track: Track, { payloadType, source }: DatagramEnd): (datagram: Uint8Array) => void {
  const sender = new RtpSender({ payloadType, source });
  return (datagram) => track.sendMessageBinary(Buffer.from(sender.packet(datagram).buffer));
}

function overChannel(channel: DataChannel): (datagram: Uint8Array) => void {
  return (datagram) => {
    if (channel.bufferedAmount() < MAX_IN_CHANNEL) channel.sendMessageBinary(datagram);
  };
}

function socketOf(
  remote: string,
  sendTo: (datagram: Uint8Array) => void,
  waiting: DatagramQueue<Uint8Array>,
  close: () => void,
): PeerSocket {
  return {
    remote,
    receive: () => waiting.next(),
    send(datagram) {
      try {
        sendTo(datagram);
      } catch {
        // Closed meanwhile, which `receive` tells.
      }
    },
    close: async () => close(),
  };
}

function bytesOf(data: Buffer | ArrayBuffer): Uint8Array {
  return data instanceof Uint8Array ? data : new Uint8Array(data);
}
