import type { BoundLink, WebRtcConnection } from "@pulpit/link";
import { answerWebRtc, offerWebRtc } from "@pulpit/link-node";
import { type Candidate, decodeEndpoint, encodeEndpoint } from "@pulpit/protocol";

/** Largest message taken, bytes. */
const LIMIT = 64 * 1024;

/**
 * Somebody between a viewer and a host with a WebRTC connection to each, who passes on what either says. Its one address
 * is in its descriptions, so that it needs no candidates.
 */
export class ManInTheMiddle implements AsyncDisposable {
  /** Messages from each side, in order. */
  readonly fromViewer: Uint8Array[] = [];
  readonly fromHost: Uint8Array[] = [];
  /** Whether both connections came to be open. */
  readonly between: Promise<boolean>;
  /** The viewer's connection has ended. */
  readonly left: Promise<void>;
  readonly #abort = new AbortController();
  readonly #between: PromiseWithResolvers<boolean> = Promise.withResolvers<boolean>();
  readonly #left: PromiseWithResolvers<void> = Promise.withResolvers<void>();
  #towardsHost: WebRtcConnection | undefined;
  #towardsViewer: WebRtcConnection | undefined;
  #viewerOffer = "";

  constructor() {
    this.between = this.#between.promise;
    this.left = this.#left.promise;
  }

  /** Takes the viewer's offer, gives its own for the host. */
  async offer(viewers: string): Promise<string> {
    this.#viewerOffer = decodeEndpoint(viewers)?.sdp ?? "";
    const first = Promise.withResolvers<Candidate>();
    this.#towardsHost = await offerWebRtc(this.#options(first.resolve));
    return endpoint("offer", this.#towardsHost.description, await first.promise);
  }

  /** Takes the host's answer, gives its own for the viewer. */
  async answer(hosts: string): Promise<string> {
    const towardsHost = this.#towardsHost as WebRtcConnection;
    await towardsHost.accept(decodeEndpoint(hosts)?.sdp ?? "");
    const first = Promise.withResolvers<Candidate>();
    const towardsViewer = await answerWebRtc(this.#viewerOffer, this.#options(first.resolve));
    this.#towardsViewer = towardsViewer;
    void this.#passOn(towardsViewer, towardsHost);
    return endpoint("answer", towardsViewer.description, await first.promise);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#abort.abort();
    this.#towardsHost?.close();
    this.#towardsViewer?.close();
  }

  async #passOn(towardsViewer: WebRtcConnection, towardsHost: WebRtcConnection): Promise<void> {
    try {
      const [viewer, host] = await Promise.all([towardsViewer.opened, towardsHost.opened]);
      this.#between.resolve(true);
      await Promise.race([carry(viewer, host, this.fromViewer), carry(host, viewer, this.fromHost)]);
    } catch {
      // One of the two hung up, or never came.
      this.#between.resolve(false);
    }
    this.#left.resolve();
  }

  #options(gathered: (candidate: Candidate) => void): Parameters<typeof offerWebRtc>[0] {
    const { signal } = this.#abort;
    return { iceServers: [], policy: "all", bindAddress: "127.0.0.1", limit: LIMIT, signal, gathered };
  }
}

async function carry(from: BoundLink, to: BoundLink, heard: Uint8Array[]): Promise<void> {
  for (let message = await from.receive(); message !== undefined; message = await from.receive()) {
    heard.push(message);
    await to.send(message);
  }
}

function endpoint(type: "offer" | "answer", description: string, { candidate }: Candidate): string {
  const sdp = `${description.trimEnd()}\r\na=${candidate}\r\n`;
  return encodeEndpoint({ type, sdp, declaresAll: true });
}
