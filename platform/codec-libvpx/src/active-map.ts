import type { Rect } from "@pulpit/host";
import koffi from "koffi";

const BLOCK = 16;

/** vpx_active_map: which 16 × 16 blocks the encoder looks at. */
export class ActiveMap {
  readonly #rows: number;
  readonly #columns: number;
  readonly #blocks: Buffer;
  /** The C structure: address of the blocks, rows, columns. */
  readonly structure: Uint8Array;

  constructor(width: number, height: number) {
    this.#columns = Math.ceil(width / BLOCK);
    this.#rows = Math.ceil(height / BLOCK);
    this.#blocks = Buffer.alloc(this.#columns * this.#rows, 1);
    const structure = Buffer.alloc(16);
    structure.writeBigUInt64LE(BigInt(koffi.address(this.#blocks)), 0);
    structure.writeUInt32LE(this.#rows, 8);
    structure.writeUInt32LE(this.#columns, 12);
    this.structure = structure;
  }

  /** Blocks touched by the rectangles, and their neighbours, which filtering reaches; all blocks for none. */
  set(rects: readonly Rect[]): void {
    this.#blocks.fill(rects.length === 0 ? 1 : 0);
    for (const { x, y, width, height } of rects) {
      const left = Math.max(0, Math.floor(x / BLOCK) - 1);
      const right = Math.min(this.#columns, Math.ceil((x + width) / BLOCK) + 1);
      const bottom = Math.min(this.#rows, Math.ceil((y + height) / BLOCK) + 1);
      for (let row = Math.max(0, Math.floor(y / BLOCK) - 1); row < bottom; row++) {
        this.#blocks.fill(1, row * this.#columns + left, row * this.#columns + right);
      }
    }
  }
}
