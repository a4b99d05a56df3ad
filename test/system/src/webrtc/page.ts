// Runs inside the page of webrtc.test.ts: a viewer with the browser's own WebRTC, and what the test asks of it.
import { browserCrypto, browserRandom } from "@pulpit/crypto-browser";
import { type BoundLink, drive, type Link, LinkSource, movingToDatagrams, type WebRtcConnection } from "@pulpit/link";
import { browserClock, offerWebRtc } from "@pulpit/link-browser";
import { encodeEndpoint, ViewerSignalling, type ViewerSignallingInput, WebRtcViewerHandshake } from "@pulpit/protocol";
import { decodeMessage, decodeServerMessage, encodeMessage, encodeServerMessage } from "@pulpit/wire";

/** Messages to the ID server, as numbers: what a page can hand out. */
declare const toServer: (message: readonly number[]) => Promise<void>;

let connection: WebRtcConnection;
let signalling: ViewerSignalling;
let link: BoundLink;
/** What the session uses: the link, or what it has become. */
let used: Link;

function happened(input: ViewerSignallingInput): void {
  for (const effect of signalling.handle(input, performance.now())) {
    if (effect.type === "accept") void connection.accept(effect.answer.sdp);
    else if (effect.type === "add") connection.add(effect.candidate);
    else if (effect.type === "send") void toServer([...encodeServerMessage(effect.message)]);
  }
}

const viewer = {
  /** The endpoint for PunchHoleRequest. */
  async begin(hostId: string): Promise<string> {
    const early: ViewerSignallingInput[] = [];
    connection = await offerWebRtc({
      iceServers: [],
      policy: "all",
      gathered: (candidate) => {
        const input = { type: "gathered", candidate } as const;
        if (signalling === undefined) early.push(input);
        else happened(input);
      },
      limit: 16 * 1024 * 1024,
      signal: new AbortController().signal,
    });
    const offer = encodeEndpoint({ type: "offer", sdp: connection.description, declaresAll: true });
    signalling = new ViewerSignalling({ hostId, offer, loopback: true });
    for (const input of early) happened(input);
    return offer;
  },

  answered: (answer: string): void => happened({ type: "answered", answer }),

  received(message: readonly number[]): void {
    const decoded = decodeServerMessage(Uint8Array.from(message));
    if (decoded.case === "iceCandidate") happened({ type: "received", message: decoded.value });
  },

  async open(): Promise<unknown> {
    link = await connection.opened;
    used = link;
    happened({ type: "decided" });
    return { path: link.path, binding: link.binding };
  },

  /** How the handshake ends. */
  async prove(hostId: string, hostKey: readonly number[]): Promise<unknown> {
    const crypto = browserCrypto();
    const random = browserRandom();
    const handshake = new WebRtcViewerHandshake({
      crypto,
      hostId,
      hostKey: Uint8Array.from(hostKey),
      certificate: link.binding.remote,
      box: crypto.boxKeyPair(random.bytes(32)),
      sessionKey: random.bytes(32),
    });
    const source = new LinkSource(link, (bytes) => ({ type: "received", message: decodeMessage(bytes) }) as const);
    const perform = (effect: { readonly type: string }): void => {
      if (effect.type === "send" && "message" in effect) void link.send(encodeMessage(effect.message as never));
    };
    return drive(handshake, { type: "start" }, { source, clock: browserClock(), perform });
  },

  /** From here on the link goes over to datagrams as soon as there are any. */
  move(): void {
    if (link.openDatagrams === undefined) throw new Error("this browser hands out no packets");
    used = movingToDatagrams(link, link.openDatagrams, {
      role: "caller",
      clock: browserClock(),
      random: browserRandom(),
    });
  },

  /** Sends messages of these sizes, takes their echo, and tells how much of it was not as sent. */
  async echo(sizes: readonly number[]): Promise<number> {
    const messages = sizes.map((size) => Uint8Array.from({ length: size }, (_, i) => i * 31 + size));
    const sending = messages.reduce((before, message) => before.then(() => used.send(message)), Promise.resolve());
    let wrong = 0;
    for (const message of messages) wrong += isSame(await used.receive(), message) ? 0 : 1;
    await sending;
    return wrong;
  },

  async close(): Promise<void> {
    await used.close();
  },

  /** The next message, undefined at the end, or the code of what broke the link. */
  async next(): Promise<unknown> {
    try {
      return (await used.receive())?.length;
    } catch (error) {
      return (error as { code: string }).code;
    }
  },
};

function isSame(a: Awaited<ReturnType<Link["receive"]>>, b: Uint8Array): boolean {
  return a?.length === b.length && a.every((byte, i) => byte === b[i]);
}

export type Viewer = typeof viewer;
Object.assign(globalThis, { viewer });
