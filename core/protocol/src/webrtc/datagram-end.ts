import type { DatagramEnd as Message } from "@pulpit/wire";
import { certificateHash, certificateIn } from "./sdp.ts";

/** Bytes of a SHA-256 hash. */
const HASH_BYTES = 32;
/** Characters of ICE names (RFC 8839, section 5.4), and how many of them we take; browsers send 4 and 24, Node 4 and 22. */
const UFRAG = /^[A-Za-z0-9+/]{4,32}$/;
const PASSWORD = /^[A-Za-z0-9+/]{22,64}$/;
/** Payload types that RTCP cannot be taken for (RFC 5761, section 4), dynamic ones. */
const LEAST_PAYLOAD_TYPE = 35;
const NOT_RTCP_BEFORE = 64;
const DYNAMIC_FROM = 96;
const MOST_PAYLOAD_TYPE = 127;

/** One end of the connection for datagrams (docs/protocol/extensions.md, "9: datagrams"). */
export interface DatagramEnd {
  /** ICE credentials. */
  readonly ufrag: string;
  readonly pwd: string;
  /** SHA-256 of the DTLS certificate, 32 bytes. */
  readonly certificate: Uint8Array;
  /** RTP payload type of the viewer's Opus; of the host the same again. */
  readonly payloadType: number;
  /** RTP synchronization source of the host, not 0; of the viewer 0. */
  readonly source: number;
}

/** What a peer says, or undefined when it is no end. Nothing of it can break out of a line of a description. */
export function checkedEnd(message: Message): DatagramEnd | undefined {
  const { ufrag, pwd, certificate, payloadType, source } = message;
  const plausible = UFRAG.test(ufrag) && PASSWORD.test(pwd) && certificate.length === HASH_BYTES;
  return plausible && isPayloadType(payloadType) ? { ufrag, pwd, certificate, payloadType, source } : undefined;
}

/** The own end, from what WebRTC says about itself; undefined when it is not as expected. */
export function endIn(description: string, source: number): DatagramEnd | undefined {
  const ufrag = /^a=ice-ufrag:(.+)$/m.exec(description)?.[1]?.trim() ?? "";
  const pwd = /^a=ice-pwd:(.+)$/m.exec(description)?.[1]?.trim() ?? "";
  const payloadType = Number(/^a=rtpmap:(\d{1,3}) opus\/48000/im.exec(description)?.[1] ?? 0);
  const certificate = certificateHash(certificateIn(description));
  const mids = [...description.matchAll(/^m=(\w+) .*?^a=mid:(\S+)/gms)].map(([, kind, mid]) => `${kind} ${mid}`);
  if (certificate === undefined || mids.join() !== "audio 0,application 1") return undefined;
  if (!isPayloadType(payloadType)) return undefined;
  return { ufrag, pwd, certificate, payloadType, source };
}

/** The viewer's description as the host's WebRTC takes it. */
export function viewerDescription(end: DatagramEnd): string {
  return describe(end, { direction: "recvonly", setup: "actpass", more: [] });
}

/** The host's, as the viewer's WebRTC takes it. */
export function hostDescription(end: DatagramEnd): string {
  const stream = ["a=msid:pulpit datagrams", `a=ssrc:${end.source} cname:pulpit`];
  return describe(end, { direction: "sendonly", setup: "active", more: stream });
}

function describe(
  { ufrag, pwd, certificate, payloadType }: DatagramEnd,
  { direction, setup, more }: { readonly direction: string; readonly setup: string; readonly more: readonly string[] },
): string {
  const hash = Array.from(certificate, (byte) => byte.toString(16).padStart(2, "0").toUpperCase()).join(":");
  const transport = [
    "c=IN IP4 0.0.0.0",
    `a=ice-ufrag:${ufrag}`,
    `a=ice-pwd:${pwd}`,
    "a=ice-options:trickle",
    `a=fingerprint:sha-256 ${hash}`,
    `a=setup:${setup}`,
  ];
  const lines = [
    "v=0",
    "o=- 1 1 IN IP4 127.0.0.1",
    "s=-",
    "t=0 0",
    "a=group:BUNDLE 0 1",
    `m=audio 9 UDP/TLS/RTP/SAVPF ${payloadType}`,
    ...transport,
    "a=mid:0",
    `a=${direction}`,
    "a=rtcp-mux",
    `a=rtpmap:${payloadType} opus/48000/2`,
    ...more,
    "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
    ...transport,
    "a=mid:1",
    "a=sctp-port:5000",
  ];
  return `${lines.join("\r\n")}\r\n`;
}

function isPayloadType(number: number): boolean {
  return (
    (number >= LEAST_PAYLOAD_TYPE && number < NOT_RTCP_BEFORE) ||
    (number >= DYNAMIC_FROM && number <= MOST_PAYLOAD_TYPE)
  );
}
