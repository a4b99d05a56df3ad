import type { Compression } from "@pulpit/protocol";
import type { CursorData, PeerMessage } from "@pulpit/wire";
import type { CursorSink } from "../ports/cursor-sink.ts";

/** Pixels along one side of a pointer (docs/protocol/media.md, section 16). */
const MAX_SIDE = 1024;
/** Shapes kept of one session; beyond it the oldest is forgotten. */
const MAX_SHAPES = 512;
/** Pixels of all kept shapes together, bytes. */
const MAX_BYTES = 32 * 1024 * 1024;

type Shape = Parameters<CursorSink["shape"]>[0];

/** Shows the host's pointer; shapes that make no sense are left out, the old one stays. */
export class RemoteCursor {
  readonly #sink: CursorSink;
  readonly #compression: Compression;
  readonly #shapes = new Map<bigint, Shape>();
  #bytes = 0;

  constructor(sink: CursorSink, compression: Compression) {
    this.#sink = sink;
    this.#compression = compression;
  }

  handle(message: PeerMessage): void {
    switch (message.case) {
      case "cursorData":
        this.#received(message.value);
        break;
      case "cursorId": {
        const shape = this.#shapes.get(message.value);
        if (shape !== undefined) this.#sink.shape(shape);
        break;
      }
      case "cursorPosition":
        this.#sink.position(message.value.x, message.value.y);
        break;
    }
  }

  #received(data: CursorData): void {
    const { width, height, hotx, hoty } = data;
    if (width < 1 || height < 1 || width > MAX_SIDE || height > MAX_SIDE) return;
    const size = width * height * 4;
    const pixels = this.#compression.decompress(data.colors, size);
    if (pixels === undefined || pixels.length !== size) return;
    const shape = { width, height, hotX: within(hotx, width), hotY: within(hoty, height), pixels };
    this.#remember(data.id, shape);
    this.#sink.shape(shape);
  }

  #remember(id: bigint, shape: Shape): void {
    this.#bytes += shape.pixels.length - (this.#shapes.get(id)?.pixels.length ?? 0);
    this.#shapes.set(id, shape);
    for (const [oldest, { pixels }] of this.#shapes) {
      if (this.#shapes.size <= MAX_SHAPES && this.#bytes <= MAX_BYTES) break;
      this.#shapes.delete(oldest);
      this.#bytes -= pixels.length;
    }
  }
}

function within(hot: number, side: number): number {
  return Math.max(0, Math.min(side - 1, hot));
}
