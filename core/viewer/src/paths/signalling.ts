import { type BoundLink, drive, Inbox, type Link, LinkSource, merged, type WebRtcConnection } from "@pulpit/link";
import { type Candidate, encodeEndpoint, ViewerSignalling, type ViewerSignallingInput } from "@pulpit/protocol";
import { decodeServerMessage, encodeServerMessage } from "@pulpit/wire";
import type { ConnectWorld } from "../connect-world.ts";

/** WebRTC of one call: the connection in the making, and the candidates that go both ways through the ID server. */
export class Offering {
  readonly #inbox = new Inbox<ViewerSignallingInput>();
  readonly #connection: WebRtcConnection;
  readonly #world: ConnectWorld;
  readonly #loopback: boolean;
  /** The own endpoint, for the request. */
  readonly endpoint: string;

  /** `loopback`: the ID server is on this machine, and so may the host be. */
  constructor(connection: WebRtcConnection, world: ConnectWorld, loopback: boolean) {
    this.#connection = connection;
    this.#loopback = loopback;
    this.endpoint = encodeEndpoint({ type: "offer", sdp: connection.description, declaresAll: true });
    this.#world = world;
  }

  gathered(candidate: Candidate): void {
    this.#inbox.put({ type: "gathered", candidate });
  }

  /** Exchanges candidates on `server` until the channel is open. Rejects with LinkError. */
  async open(answer: string, server: Link, hostId: string, signal: AbortSignal): Promise<BoundLink> {
    const stop = (): void => this.close();
    signal.addEventListener("abort", stop, { once: true });
    this.#inbox.put({ type: "answered", answer });
    const exchange = this.#exchange(server, hostId, signal);
    // The ID server may close the connection; ICE goes on with what it has.
    exchange.catch(() => undefined);
    try {
      return await this.#connection.opened;
    } finally {
      signal.removeEventListener("abort", stop);
      this.#inbox.put({ type: "decided" });
    }
  }

  close(): void {
    this.#connection.close();
  }

  async #exchange(server: Link, hostId: string, signal: AbortSignal): Promise<void> {
    const machine = new ViewerSignalling({ hostId, offer: this.endpoint, loopback: this.#loopback });
    const fromServer = new LinkSource(server, (bytes): ViewerSignallingInput => {
      const message = decodeServerMessage(bytes);
      // Anything else that comes is none of this conversation's business.
      return message.case === "iceCandidate" ? { type: "received", message: message.value } : { type: "timeout" };
    });
    const outcome = await drive(machine, { type: "timeout" } as ViewerSignallingInput, {
      source: merged<ViewerSignallingInput>(this.#inbox, fromServer),
      clock: this.#world.clock,
      perform: (effect) => {
        if (effect.type === "send") server.send(encodeServerMessage(effect.message)).catch(() => undefined);
        else if (effect.type === "accept") void this.#connection.accept(effect.answer.sdp).catch(() => this.close());
        else this.#connection.add(effect.candidate);
      },
      signal,
    });
    // What the host sent can't be used.
    if (outcome.type !== "decided") this.close();
  }
}
