import type { Millis } from "../machine.ts";
import type { HashKey } from "./keyed-hash.ts";
import { isLinkLocal } from "./packed-address.ts";
import { openPresence, type PresenceReader } from "./presence-reader.ts";
import type { SharedPresence } from "./presence-rows.ts";
import { type DatagramKind, datagramKind, ID_AT, plainRegisterPeer } from "./server-datagram.ts";
import { SourceSketch } from "./source-sketch.ts";

/** Key registrations that all sources together may ask of the server in a second: each costs it a look into its database. */
export const MAX_REGISTRATIONS_PER_SECOND = 10_000;
/** Anything else, each kind of message by itself, so that a flood of one leaves room for the others. */
const MAX_REQUESTS_PER_SECOND = 5_000;
/** The caps apply to pieces of a second, ms: what comes after a burst does not have to wait for long. */
const SLICE = 100;

/** What becomes of a datagram. */
export type DatagramVerdict =
  /** A device is still there: RegisterPeerResponse says so. */
  | "known"
  /** It has to show its key: RegisterPeerResponse asks for it. */
  | "stranger"
  /** For the server itself. */
  | "server"
  /** Dropped: nothing an ID server takes by datagram. */
  | "garbage"
  /** Dropped: above the budget of its source. */
  | "source"
  /** Dropped: above what all sources together may ask of the server. */
  | "crowd";

/** RegisterPeerResponse as it goes over the wire (docs/protocol/wire.md, section 2.4). */
export const REGISTER_PEER_RESPONSE: Readonly<Record<"known" | "stranger", Uint8Array>> = {
  known: Uint8Array.of(0x3a, 0x00),
  stranger: Uint8Array.of(0x3a, 0x02, 0x10, 0x01),
};

export interface TriageOptions {
  readonly presence: SharedPresence;
  /** Number of the list of ID servers; a device that has an older one and was not told is left to the server. */
  readonly updateSerial: number;
  /** Datagrams of one source in a second. */
  readonly perSecond: number;
  readonly key: HashKey;
}

/**
 * Sorts the datagrams of an ID server: nearly all of them are signs of life, which are answered from the table of who
 * is where, and what is none of ours never gets further than this.
 */
export class DatagramTriage {
  readonly #presence: PresenceReader;
  readonly #updateSerial: number;
  readonly #sources: SourceSketch;
  readonly #left: Record<DatagramKind | "news", number> = { ...FULL };
  #slice = -1;

  constructor(options: TriageOptions) {
    this.#presence = openPresence(options.presence);
    this.#updateSerial = options.updateSerial;
    this.#sources = new SourceSketch(options.perSecond, options.key);
  }

  /** `from.address`: packed. */
  judge(
    data: Uint8Array,
    at: number,
    length: number,
    from: { readonly address: Uint8Array; readonly at: number; readonly port: number },
    now: Millis,
  ): DatagramVerdict {
    const kind = datagramKind(data, at, length);
    // Nothing can be sent to port 0.
    if (kind === undefined || from.port === 0) return "garbage";
    if (!this.#sources.allows(from.address, from.at, now)) return "source";
    if (kind !== "registerPeer") return this.#handOver(kind, now);
    const serial = plainRegisterPeer(data, at, length);
    if (serial === undefined || isLinkLocal(from.address, from.at)) return this.#handOver(kind, now);
    const standing = this.#presence.alive(data, at + ID_AT, data[at + ID_AT - 1] as number, from, now);
    switch (standing) {
      case "told":
        return "known";
      case "known":
        if (this.#updateSerial <= serial) return "known";
        // The answer matters more than the news: a flood does not make a device look lost.
        return this.#handOver("news", now) === "server" ? "server" : "known";
      case "stranger":
        return "stranger";
      case "unsure":
        return this.#handOver(kind, now);
    }
  }

  #handOver(kind: DatagramKind | "news", now: Millis): "server" | "crowd" {
    const slice = Math.floor(now / SLICE);
    if (slice !== this.#slice) {
      this.#slice = slice;
      Object.assign(this.#left, FULL);
    }
    if (this.#left[kind] === 0) return "crowd";
    this.#left[kind] -= 1;
    return "server";
  }
}

const REQUESTS = (MAX_REQUESTS_PER_SECOND * SLICE) / 1000;
const FULL: Readonly<Record<DatagramKind | "news", number>> = {
  registerPeer: REQUESTS,
  registerPk: (MAX_REGISTRATIONS_PER_SECOND * SLICE) / 1000,
  punchHoleSent: REQUESTS,
  testNatRequest: REQUESTS,
  softwareUpdate: REQUESTS,
  stun: REQUESTS,
  news: REQUESTS,
};
