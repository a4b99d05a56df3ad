import type { Codec } from "@pulpit/protocol";
import type { EncodedUnit, VideoSinkEvents } from "@pulpit/viewer";
import { StreamDecoder } from "./stream-decoder.ts";

type Surface = HTMLCanvasElement | OffscreenCanvas;
type Brush = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** Decoders open at the same time, one for each display shown lately. */
const MAX_STREAMS = 4;

/** Decodes and draws, on whichever thread it lives. */
export class Painter {
  readonly #surface: Surface;
  readonly #brush: Brush;
  readonly #events: VideoSinkEvents;
  readonly #sizes = new Map<number, { readonly width: number; readonly height: number }>();
  /** The display shown last is the last one. */
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
      decoded: (frame, passed) => {
        for (let i = 0; i < passed; i++) this.#events.dropped(display);
        if (this.#draw(display, frame)) this.#events.shown(display);
        else this.#events.dropped(display);
      },
      dropped: () => this.#events.dropped(display),
      failed: () => this.#events.failed(display),
      unsupported: () => this.#events.unsupported(codec),
    });
  }

  /** Whether the picture has the size that was announced; only then it is shown. */
  #draw(display: number, frame: VideoFrame): boolean {
    try {
      const { displayWidth, displayHeight } = frame;
      const announced = this.#sizes.get(display);
      const width = sideOf(announced?.width, displayWidth);
      const height = sideOf(announced?.height, displayHeight);
      if (width === undefined || height === undefined) return false;
      if (this.#surface.width !== width) this.#surface.width = width;
      if (this.#surface.height !== height) this.#surface.height = height;
      this.#brush.drawImage(frame, 0, 0);
      return true;
    } finally {
      frame.close();
    }
  }
}

/**
 * Side of the surface for a picture; undefined when the picture does not fit what was announced. An announced
 * side of 0 is unknown (docs/protocol/media.md, section 2.5), and H.264 leaves an odd last row or column out.
 */
function sideOf(announced: number | undefined, decoded: number): number | undefined {
  if (announced === undefined || announced === 0) return decoded;
  return decoded === announced || decoded === (announced & ~1) ? announced : undefined;
}
