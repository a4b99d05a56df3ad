/** A pointer shape: RGBA, straight order, rows top-down. */
export interface CursorShape {
  /** Same number, same picture; any unsigned 64-bit value. */
  readonly id: bigint;
  readonly width: number;
  readonly height: number;
  readonly hotX: number;
  readonly hotY: number;
  /** width × height × 4 bytes, R, G, B, A, premultiplied. */
  readonly pixels: Uint8Array;
}

/** Watches the pointer of the machine. */
export interface CursorWatch {
  /** Calls back with the present state at once and on each change; returns its cancellation. */
  watch(listener: CursorListener): () => void;
}

export interface CursorListener {
  shape(shape: CursorShape): void;
  /** Host desktop coordinates. */
  position(x: number, y: number): void;
}
