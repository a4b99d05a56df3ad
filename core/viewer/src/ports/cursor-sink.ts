/** Shows the host's pointer. */
export interface CursorSink {
  /** RGBA, width × height × 4 bytes, already checked; hot spot in pixels from the top left. */
  shape(shape: {
    readonly width: number;
    readonly height: number;
    readonly hotX: number;
    readonly hotY: number;
    readonly pixels: Uint8Array;
  }): void;
  /** Where the host's pointer is, host desktop coordinates; called only when somebody else moved it. */
  position(x: number, y: number): void;
}
