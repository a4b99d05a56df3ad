import type { Codec } from "@pulpit/protocol";
import type { EncodedUnit } from "@pulpit/viewer";
import { decoderConfig } from "./codec-string.ts";

/** Pictures the browser may have taken and not given back; beyond it we are behind and start afresh. */
const MAX_QUEUE = 30;
/** Failures in a row, without a picture between, after which the codec counts as not decodable here. */
const MAX_FAILURES = 3;

/** What becomes of a stream. */
export interface StreamDecoderEvents {
  /** The frame is the receiver's to close. */
  decoded(frame: VideoFrame): void;
  /** A key frame is needed to go on. */
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
  #failures = 0;
  #timestamp = 0;

  constructor(codec: Codec, events: StreamDecoderEvents) {
    this.codec = codec;
    this.#events = events;
  }

  /** Whether anything of this picture went to the decoder; without a key frame before it, nothing can. */
  decode(units: readonly EncodedUnit[]): boolean {
    let taken = false;
    for (const unit of units) taken = this.#decode(unit) || taken;
    return taken;
  }

  close(): void {
    if (this.#decoder !== undefined && this.#decoder.state !== "closed") this.#decoder.close();
    this.#decoder = undefined;
  }

  #decode({ data, key }: EncodedUnit): boolean {
    if (this.#needsKey && !key) return false;
    if (this.#decoder !== undefined && this.#decoder.decodeQueueSize > MAX_QUEUE) {
      this.#trouble();
      return false;
    }
    try {
      const decoder = this.#ready(data, key);
      this.#needsKey = false;
      // Shown at once, so the number only has to grow.
      this.#timestamp += 1000;
      decoder.decode(new EncodedVideoChunk({ type: key ? "key" : "delta", timestamp: this.#timestamp, data }));
      return true;
    } catch {
      // Whatever a hostile stream makes the browser throw, the answer is the same.
      this.#trouble();
      return false;
    }
  }

  /** The decoder, configured; a key frame may bring another profile or size. */
  #ready(data: Uint8Array, key: boolean): VideoDecoder {
    if (this.#decoder === undefined || this.#decoder.state === "closed") {
      this.#config = "";
      this.#decoder = new VideoDecoder({
        output: (frame) => {
          this.#failures = 0;
          this.#events.decoded(frame);
        },
        error: () => this.#trouble(),
      });
    }
    if (key) {
      const config = decoderConfig(this.codec, data);
      if (config.codec !== this.#config) this.#decoder.configure(config);
      this.#config = config.codec;
    }
    return this.#decoder;
  }

  #trouble(): void {
    this.close();
    this.#needsKey = true;
    this.#failures += 1;
    if (this.#failures >= MAX_FAILURES) this.#events.unsupported();
    else this.#events.failed();
  }
}
