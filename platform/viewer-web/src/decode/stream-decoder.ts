import type { Codec } from "@pulpit/protocol";
import type { EncodedUnit } from "@pulpit/viewer";
import { decoderConfig } from "./codec-string.ts";

/** Pictures the browser may have taken and not given back; beyond it we are behind and start afresh. */
const MAX_QUEUE = 30;
/** Failures in a row, without a picture between, after which the codec counts as not decodable here. */
const MAX_FAILURES = 3;
/** A key frame is asked for again after this many pictures that needed it, should the wish have been lost. */
const ASK_AGAIN_AFTER = 60;

/** What becomes of a stream. */
export interface StreamDecoderEvents {
  /** The frame is the receiver's to close. `passed`: pictures before it that were taken and will never come. */
  decoded(frame: VideoFrame, passed: number): void;
  /** A picture was not taken: it needs a key frame that has not come yet. */
  dropped(): void;
  /** A key frame is needed to go on; what was taken before is lost. */
  failed(): void;
  unsupported(): void;
}

/** One stream through WebCodecs. Starts at a key frame and, after any trouble, waits for the next one. */
export class StreamDecoder {
  readonly codec: Codec;
  readonly #events: StreamDecoderEvents;
  #decoder: VideoDecoder | undefined;
  #config = "";
  #needsKey = true;
  /** Pictures since a key frame was needed. */
  #missed = 0;
  #failures = 0;
  #timestamp = 0;
  /** Time stamps of pictures taken and not yet given back, in order; each picture's first unit. */
  #taken: number[] = [];

  constructor(codec: Codec, events: StreamDecoderEvents) {
    this.codec = codec;
    this.#events = events;
  }

  /** Units of one picture. */
  decode(units: readonly EncodedUnit[]): void {
    const first = this.#timestamp + 1000;
    let taken = false;
    for (const unit of units) {
      if (this.#needsKey && !unit.key) continue;
      if (this.#decoder !== undefined && this.#decoder.decodeQueueSize > MAX_QUEUE) {
        this.#start();
        this.#events.failed();
        return;
      }
      if (!this.#feed(unit)) return;
      taken = true;
    }
    if (taken) this.#taken.push(first);
    else this.#miss();
  }

  close(): void {
    if (this.#decoder !== undefined && this.#decoder.state !== "closed") this.#decoder.close();
    this.#decoder = undefined;
  }

  #feed({ data, key }: EncodedUnit): boolean {
    try {
      const decoder = this.#ready(data, key);
      this.#needsKey = false;
      // Shown at once, so the number only has to grow.
      this.#timestamp += 1000;
      decoder.decode(new EncodedVideoChunk({ type: key ? "key" : "delta", timestamp: this.#timestamp, data }));
      return true;
    } catch {
      // Whatever a hostile stream makes the browser throw, the answer is the same.
      this.#fail();
      return false;
    }
  }

  /** The decoder, configured; a key frame may bring another profile or size. */
  #ready(data: Uint8Array, key: boolean): VideoDecoder {
    if (this.#decoder === undefined || this.#decoder.state === "closed") {
      this.#config = "";
      this.#decoder = new VideoDecoder({ output: (frame) => this.#give(frame), error: () => this.#fail() });
    }
    if (key) {
      const config = decoderConfig(this.codec, data);
      if (config.codec !== this.#config) this.#decoder.configure(config);
      this.#config = config.codec;
    }
    return this.#decoder;
  }

  #give(frame: VideoFrame): void {
    this.#failures = 0;
    // Pictures come back in order: those before this one will not come any more.
    const done = this.#taken.filter((timestamp) => timestamp <= frame.timestamp).length;
    this.#taken.splice(0, done);
    this.#events.decoded(frame, Math.max(0, done - 1));
  }

  #miss(): void {
    const ask = this.#missed % ASK_AGAIN_AFTER === 0;
    this.#missed += 1;
    if (ask) this.#events.failed();
    else this.#events.dropped();
  }

  #fail(): void {
    this.#start();
    this.#failures += 1;
    if (this.#failures < MAX_FAILURES) {
      this.#events.failed();
      return;
    }
    // Some hosts go on all the same, and then each key frame is one more try.
    this.#failures = 0;
    this.#events.unsupported();
  }

  /** Back to the beginning, before the first key frame; whoever calls reports it, which asks for one. */
  #start(): void {
    this.close();
    this.#needsKey = true;
    this.#missed = 1;
    this.#taken = [];
  }
}
