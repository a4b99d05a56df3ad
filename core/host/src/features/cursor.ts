import type { Compression } from "@pulpit/protocol";
import { switched } from "@pulpit/protocol";
import type { OptionMessage } from "@pulpit/wire";
import type { CursorShape, CursorWatch } from "../ports/cursor.ts";
import type { Feature, ViewerChannel } from "./feature.ts";

/** Shapes a viewer is trusted to remember; beyond it they are sent anew. */
const MAX_REMEMBERED = 256;
/** The viewer's own moves come back as positions; for this long after one they are not echoed, ms (media.md, section 10.2). */
const OWN_MOVE_QUIET = 300;

/** Sends the pointer's shape, and its position to viewers that ask for it. Source: docs/protocol/media.md, section 10. */
export class CursorFeature implements Feature {
  readonly handles: Feature["handles"] = [];
  readonly #channel: ViewerChannel;
  readonly #compression: Compression;
  readonly #sent = new Set<bigint>();
  readonly #stop: () => void;
  #showPosition = false;
  #movedAt = Number.NEGATIVE_INFINITY;

  constructor(options: { channel: ViewerChannel; compression: Compression; cursor: CursorWatch }) {
    this.#channel = options.channel;
    this.#compression = options.compression;
    this.#stop = options.cursor.watch({
      shape: (shape) => this.#shape(shape),
      position: (x, y) => this.#position(x, y),
    });
  }

  handle(): void {}

  option(option: OptionMessage): void {
    this.#showPosition = switched(option.showRemoteCursor) ?? this.#showPosition;
  }

  /** The viewer moved the pointer itself. */
  movedByViewer(): void {
    this.#movedAt = this.#channel.now();
  }

  async close(): Promise<void> {
    this.#stop();
  }

  #shape(shape: CursorShape): void {
    if (this.#sent.has(shape.id)) {
      this.#channel.send({ case: "cursorId", value: shape.id }, "cursor");
      return;
    }
    if (this.#sent.size >= MAX_REMEMBERED) this.#sent.clear();
    this.#sent.add(shape.id);
    const value = {
      id: shape.id,
      hotx: shape.hotX,
      hoty: shape.hotY,
      width: shape.width,
      height: shape.height,
      colors: this.#compression.compress(shape.pixels),
    };
    this.#channel.send({ case: "cursorData", value }, "cursor");
  }

  #position(x: number, y: number): void {
    if (!this.#showPosition || this.#channel.now() - this.#movedAt < OWN_MOVE_QUIET) return;
    this.#channel.send({ case: "cursorPosition", value: { x, y } }, "cursor");
  }
}
