import { nodeCrypto, nodeRandom } from "@pulpit/crypto-node";
import { type BoundLink, drive, LinkSource, type WebRtcConnection } from "@pulpit/link";
import { answerWebRtc, nodeClock } from "@pulpit/link-node";
import {
  type Crypto,
  encodeEndpoint,
  HostSignalling,
  type HostSignallingInput,
  type KeyPair,
  type WebRtcHandshakeOutcome,
  WebRtcHostHandshake,
} from "@pulpit/protocol";
import {
  decodeMessage,
  decodeServerMessage,
  encodeMessage,
  encodeServerMessage,
  encodeSocketAddress,
} from "@pulpit/wire";

/** A host that is reached by WebRTC alone, on loopback; what it tells the ID server goes to `toServer`. */
export class WebRtcHost {
  readonly id: string = "123456789";
  readonly crypto: Crypto = nodeCrypto();
  readonly identity: KeyPair = this.crypto.signKeyPair(nodeRandom().bytes(32));
  /** The channel of the first viewer. */
  readonly opened: PromiseWithResolvers<BoundLink> = Promise.withResolvers<BoundLink>();
  readonly #toServer: (message: Uint8Array) => void;
  readonly #answers: PromiseWithResolvers<string>[] = [];
  readonly #connections = new Map<number, Promise<WebRtcConnection>>();
  readonly #signalling = new HostSignalling({
    situation: () => ({ proxy: false, turn: false, rule: "all" }),
    loopback: true,
  });

  constructor(toServer: (message: Uint8Array) => void) {
    this.#toServer = toServer;
  }

  /** The answer to a PunchHole with this offer. */
  invited(offer: string): Promise<string> {
    const call = this.#answers.length;
    const answer = Promise.withResolvers<string>();
    this.#answers.push(answer);
    const socketAddr = encodeSocketAddress({ host: "127.0.0.1", port: 7000 }, call);
    this.#happened({ type: "invited", call, offer, socketAddr, forceRelay: true });
    return answer.promise;
  }

  received(message: Uint8Array): void {
    const decoded = decodeServerMessage(message);
    if (decoded.case === "iceCandidate") this.#happened({ type: "received", message: decoded.value });
  }

  /** Runs the handshake; `certificate`: what is signed instead of the own one. */
  async prove(link: BoundLink, certificate: string = link.binding.local): Promise<WebRtcHandshakeOutcome> {
    const { crypto, id, identity } = this;
    const box = crypto.boxKeyPair(nodeRandom().bytes(32));
    const handshake = new WebRtcHostHandshake({ crypto, id, identity, certificate, box });
    const source = new LinkSource(link, (bytes) => ({ type: "received", message: decodeMessage(bytes) }) as const);
    return drive(
      handshake,
      { type: "start" },
      {
        source,
        clock: nodeClock(),
        perform: (effect: { readonly type: string }) => {
          if (effect.type === "send" && "message" in effect) void link.send(encodeMessage(effect.message as never));
        },
      },
    );
  }

  async close(): Promise<void> {
    for (const connection of this.#connections.values()) (await connection).close();
  }

  #happened(input: HostSignallingInput): void {
    for (const effect of this.#signalling.handle(input, performance.now())) {
      if (effect.type === "build") this.#build(effect.answerer, effect.offer.sdp);
      else if (effect.type === "answer") this.#answers[effect.call]?.resolve(effect.answer);
      else if (effect.type === "send") this.#toServer(encodeServerMessage(effect.message));
      else if (effect.type === "add")
        void this.#connections.get(effect.answerer)?.then((it) => it.add(effect.candidate));
      else void this.#connections.get(effect.answerer)?.then((it) => it.close());
    }
  }

  #build(answerer: number, offer: string): void {
    const connection = answerWebRtc(offer, {
      iceServers: [],
      policy: "all",
      bindAddress: "127.0.0.1",
      gathered: (candidate) => this.#happened({ type: "gathered", answerer, candidate }),
      limit: 16 * 1024 * 1024,
      signal: new AbortController().signal,
    });
    this.#connections.set(answerer, connection);
    void connection.then(({ description, opened }) => {
      const answer = encodeEndpoint({ type: "answer", sdp: description, declaresAll: true });
      this.#happened({ type: "described", answerer, answer });
      opened.then(
        (link) => {
          this.#happened({ type: "opened", answerer });
          this.opened.resolve(link);
        },
        (error) => this.opened.reject(error),
      );
    });
  }
}
