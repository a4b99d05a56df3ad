import type { Codec } from "@pulpit/protocol";
import type { EncodedUnit } from "@pulpit/viewer";
import { StreamDecoder } from "./stream-decoder.ts";

/** Decoders open at the same time, one for each display shown lately. */
const MAX_STREAMS = 4;

/** What becomes of the streams. */
export interface DecodersEvents {
  /** The frame is the receiver's to close. `passed`: pictures before it that were taken and will never come. */
  decoded(display: number, frame: VideoFrame, passed: number): void;
  dropped(display: number): void;
  failed(display: number): void;
  unsupported(codec: Codec): void;
}

/** Decodes the streams of all displays, on whichever thread it lives. */
export class Decoders {
  readonly #events: DecodersEvents;
  /** The display shown last is the last one. */
  readonly #streams = new Map<number, StreamDecoder>();

  constructor(events: DecodersEvents) {
    this.#events = events;
  }

  /** Units of one picture. */
  decode(display: number, codec: Codec, units: readonly EncodedUnit[]): void {
    const known = this.#streams.get(display);
    this.#streams.delete(display);
    if (known?.codec !== codec) known?.close();
    const stream = known?.codec === codec ? known : this.#newStream(display, codec);
    this.#streams.set(display, stream);
    stream.decode(units);
  }

  close(): void {
    for (const stream of this.#streams.values()) stream.close();
    this.#streams.clear();
  }

  #newStream(display: number, codec: Codec): StreamDecoder {
    const [oldest] = this.#streams;
    if (oldest !== undefined && this.#streams.size >= MAX_STREAMS) {
      oldest[1].close();
      this.#streams.delete(oldest[0]);
    }
    return new StreamDecoder(codec, {
      decoded: (frame, passed) => this.#events.decoded(display, frame, passed),
      dropped: () => this.#events.dropped(display),
      failed: () => this.#events.failed(display),
      unsupported: () => this.#events.unsupported(codec),
    });
  }
}
