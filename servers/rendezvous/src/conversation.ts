import { type Clock, type Link, LinkError, sealed } from "@pulpit/link";
import { type Crypto, type KeyPair, Opening, offerKeys, type Random, Sealing, takeKeys } from "@pulpit/protocol";
import { decodeServerMessage, encodeServerMessage, type ServerMessage, type ServerMessageInit } from "@pulpit/wire";
import { BEAT_EVERY, IDLE_LIMIT, KEPT_SILENCE_LIMIT, MESSAGES_PER_MINUTE, OFFER_KEYS_AFTER } from "./config.ts";

/** What it takes to offer a client an encrypted connection. */
export interface KeyOffer {
  readonly crypto: Crypto;
  readonly random: Random;
  /** 64-byte Ed25519 key of the server. */
  readonly secretKey: Uint8Array;
}

/** One stream connection: its messages, its patience, its encryption. */
export class Conversation {
  readonly #raw: Link;
  readonly #clock: Clock;
  /** What messages go through: the raw link, or its sealed form. */
  #link: Link;
  #kept = false;
  #heard: number;
  #offered: KeyPair | undefined;
  #cancel: () => void = () => undefined;
  #minute = 0;
  #inThisMinute = 0;

  constructor(link: Link, clock: Clock) {
    this.#raw = {
      ...link,
      path: link.path,
      queuedBytes: 0,
      // Also what a sealed link drops: an empty message is how a client answers a beat.
      receive: async () => {
        const message = await link.receive();
        this.#heard = clock.now();
        this.#count();
        return message;
      },
    };
    this.#link = this.#raw;
    this.#clock = clock;
    this.#heard = clock.now();
  }

  /** A peer that has gone meanwhile is no error; one whose link breaks ends its own conversation. */
  send(message: ServerMessageInit): void {
    this.#link.send(encodeServerMessage(message)).catch(() => this.#raw.close());
  }

  /** From here on silence is no reason to close, as long as the client answers beats. */
  keep(): void {
    if (this.#kept) return;
    this.#kept = true;
    this.#patience();
  }

  close(): Promise<void> {
    return this.#raw.close();
  }

  /** Hands on messages until the connection ends. Rejects with LinkError, WireError or ProtocolError. */
  async run(received: (message: ServerMessage) => void, offer: KeyOffer | undefined): Promise<void> {
    const cancelOffer = offer === undefined ? undefined : this.#offerAfterSilence(offer);
    try {
      this.#patience();
      for (let bytes = await this.#link.receive(); bytes !== undefined; bytes = await this.#link.receive()) {
        cancelOffer?.();
        if (bytes.length > 0) this.#handle(decodeServerMessage(bytes), received, offer);
        if (!this.#kept) this.#patience();
      }
    } finally {
      cancelOffer?.();
      this.#cancel();
    }
  }

  /** Empty messages count as well: each costs a turn of the loop. */
  #count(): void {
    const minute = Math.floor(this.#heard / 60_000);
    this.#inThisMinute = minute === this.#minute ? this.#inThisMinute + 1 : 1;
    this.#minute = minute;
    if (this.#inThisMinute > MESSAGES_PER_MINUTE) throw new LinkError("malformed", "too many messages");
  }

  #handle(message: ServerMessage, received: (message: ServerMessage) => void, offer: KeyOffer | undefined): void {
    if (message.case !== "keyExchange") {
      // Whoever was offered keys and goes on without does so for good.
      this.#offered = undefined;
      received(message);
      return;
    }
    const keys = offer && this.#offered && takeKeys(offer.crypto, this.#offered, offer.secretKey, message.value);
    this.#offered = undefined;
    if (offer === undefined || keys === undefined) void this.#raw.close();
    else {
      const { toClient, toServer } = keys;
      this.#link = sealed(this.#raw, new Sealing(offer.crypto, toClient), new Opening(offer.crypto, toServer));
    }
  }

  /** Clients that want encryption never speak first, all others speak at once (docs/protocol/rendezvous.md, section 4.23). */
  #offerAfterSilence(offer: KeyOffer): () => void {
    return this.#clock.alarm(this.#clock.now() + OFFER_KEYS_AFTER, () => {
      this.#offered = offer.crypto.boxKeyPair(offer.random.bytes(32));
      this.send(offerKeys(offer.crypto, this.#offered, offer.secretKey));
    });
  }

  #patience(): void {
    this.#cancel();
    const now = this.#clock.now();
    this.#cancel = this.#kept
      ? this.#clock.alarm(now + BEAT_EVERY, () => this.#beat())
      : this.#clock.alarm(now + IDLE_LIMIT, () => void this.#raw.close());
  }

  #beat(): void {
    if (this.#clock.now() - this.#heard > KEPT_SILENCE_LIMIT) {
      void this.#raw.close();
      return;
    }
    this.#raw.send(new Uint8Array(0)).catch(() => this.#raw.close());
    this.#patience();
  }
}
