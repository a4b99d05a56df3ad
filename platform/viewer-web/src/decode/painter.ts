import type { Codec } from "@pulpit/protocol";
import type { EncodedUnit, VideoSinkEvents } from "@pulpit/viewer";
import { StreamDecoder } from "./stream-decoder.ts";

type Surface = HTMLCanvasElement | OffscreenCanvas;
type Brush = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** Displays that can be decoded at the same time. */
const MAX_STREAMS = 4;

/** Decodes and draws, on whichever thread it lives. */
export class Painter {
  readonly #surface: Surface;
  readonly #brush: Brush;
  readonly #events: VideoSinkEvents;
  readonly #sizes = new Map<number, { readonly width: number; readonly height: number }>();
  readonly #streams = new Map<number, StreamDecoder>();

  constructor(surface: Surface, events: VideoSinkEvents) {
    // Not "desynchronized": such a canvas on a worker was seen to stop showing what is drawn.
    const brush = surface.getContext("2d", { alpha: false }) as Brush | null;
    if (brush === null) throw new Error("this browser has no 2D canvas");
    this.#surface = surface;
    this.#brush = brush;
    this.#events = events;
  }

  resize(display: number, width: number, height: number): void {
    this.#sizes.set(display, { width, height });
  }

  decode(display: number, codec: Codec, units: readonly EncodedUnit[]): void {
    let stream = this.#streams.get(display);
    if (stream?.codec !== codec) {
      stream?.close();
      this.#streams.delete(display);
      if (this.#streams.size >= MAX_STREAMS) {
        this.#events.dropped(display);
        return;
      }
      stream = new StreamDecoder(codec, {
        decoded: (frame) => this.#draw(display, frame),
        failed: () => this.#events.failed(display),
        unsupported: () => this.#events.unsupported(codec),
      });
      this.#streams.set(display, stream);
    }
    if (!stream.decode(units)) this.#events.dropped(display);
  }

  close(): void {
    for (const stream of this.#streams.values()) stream.close();
    this.#streams.clear();
  }

  #draw(display: number, frame: VideoFrame): void {
    try {
      const { displayWidth: width, displayHeight: height } = frame;
      const announced = this.#sizes.get(display);
      // H.264 has even sides only; anything else that was not announced is not shown.
      const fits = announced === undefined || (near(width, announced.width) && near(height, announced.height));
      if (fits) {
        if (this.#surface.width !== width) this.#surface.width = width;
        if (this.#surface.height !== height) this.#surface.height = height;
        this.#brush.drawImage(frame, 0, 0);
      }
    } finally {
      frame.close();
    }
    this.#events.shown(display);
  }
}

function near(decoded: number, announced: number): boolean {
  return decoded === announced || decoded === announced - 1;
}
