import type { JournalVerdict } from "@pulpit/host-control";
import type { Crypto } from "@pulpit/protocol";
import type { Head } from "./head.ts";
import { CHAIN_START, type ChainEnd, hashOf, isSigned, parseLine, UNKNOWN_HASH } from "./line.ts";

type Broken = Extract<JournalVerdict, { type: "broken" }>;

/** Follows a journal from its first line and finds the first one that is not as it was written. */
export class ChainCheck {
  readonly #crypto: Crypto;
  readonly #publicKey: Uint8Array;
  readonly #head: Head | undefined;
  #end: ChainEnd = CHAIN_START;
  /** A line whose signature does not hold: whether it was changed or is another's, its successor shows. */
  #suspect: ChainEnd | undefined;

  constructor(crypto: Crypto, publicKey: Uint8Array, head: Head | undefined) {
    this.#crypto = crypto;
    this.#publicKey = publicKey;
    this.#head = head;
  }

  /** Takes the next line; a verdict when the chain is broken. */
  take(bytes: Uint8Array): Broken | undefined {
    const line = parseLine(bytes);
    if (this.#suspect !== undefined) return this.#judge(this.#suspect, line?.prev);
    const number = this.#end.number + 1;
    if (line === undefined) return broken(number, "unreadable");
    const hash = hashOf(bytes, this.#crypto);
    if (!isSigned(line, this.#crypto, this.#publicKey)) {
      this.#suspect = { number, hash };
      return undefined;
    }
    if (line.number > number) return broken(number, "missing");
    if (line.number < number) return broken(number, "changed");
    if (line.prev !== this.#end.hash) return broken(number, line.prev === UNKNOWN_HASH ? "cut-off" : "changed");
    if (this.#head?.ours && this.#head.number === number && this.#head.hash !== hash) return broken(number, "changed");
    this.#end = { number, hash };
    return undefined;
  }

  /** After the last line. `rest`: bytes behind the last newline. */
  finish(rest: Uint8Array): JournalVerdict {
    const head = this.#head;
    if (this.#suspect !== undefined) return this.#judge(this.#suspect, head?.hash);
    const entries = this.#end.number;
    if (head === undefined && entries === 0 && rest.length === 0) return { type: "whole", entries };
    // Without a head of ours nobody can say where the end was. Half a line behind the head is what a crash leaves.
    return head?.ours && entries >= head.number ? { type: "whole", entries } : broken(entries + 1, "cut-off");
  }

  /** Whatever is behind the last newline of a file that another one follows. */
  takeRest(rest: Uint8Array): Broken | undefined {
    if (rest.length === 0) return undefined;
    return this.#suspect ? this.#judge(this.#suspect, undefined) : broken(this.#end.number + 1, "unreadable");
  }

  /** Who goes on from a line as it is now knew it as it is now: it was not changed afterwards, it is another's. */
  #judge(suspect: ChainEnd, nextPrev: string | undefined): Broken {
    return broken(suspect.number, nextPrev === suspect.hash ? "not-ours" : "changed");
  }
}

function broken(entry: number, why: Broken["why"]): Broken {
  return { type: "broken", entry, why };
}
