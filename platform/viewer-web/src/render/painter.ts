/**
 * Draws decoded pictures on a canvas of the page. Not on a worker's: what is drawn there is shown two to four
 * screen refreshes later (docs/performance.md).
 */
export class Painter {
  readonly #canvas: HTMLCanvasElement;
  readonly #brush: CanvasRenderingContext2D;
  readonly #sizes = new Map<number, { readonly width: number; readonly height: number }>();

  constructor(canvas: HTMLCanvasElement) {
    const brush = canvas.getContext("2d", { alpha: false });
    if (brush === null) throw new Error("this browser has no 2D canvas");
    this.#canvas = canvas;
    this.#brush = brush;
  }

  /** Size the next pictures of a display have, pixels; 0 for unknown. */
  resize(display: number, width: number, height: number): void {
    this.#sizes.set(display, { width, height });
  }

  /** Takes the frame. Whether the picture has the size that was announced; only then it is shown. */
  draw(display: number, frame: VideoFrame): boolean {
    try {
      const { displayWidth, displayHeight } = frame;
      const announced = this.#sizes.get(display);
      const width = sideOf(announced?.width, displayWidth);
      const height = sideOf(announced?.height, displayHeight);
      if (width === undefined || height === undefined) return false;
      if (this.#canvas.width !== width) this.#canvas.width = width;
      if (this.#canvas.height !== height) this.#canvas.height = height;
      this.#brush.drawImage(frame, 0, 0);
      return true;
    } finally {
      frame.close();
    }
  }
}

/**
 * Side of the canvas for a picture; undefined when the picture does not fit what was announced. An announced
 * side of 0 is unknown (docs/protocol/media.md, section 2.5), and H.264 leaves an odd last row or column out.
 */
function sideOf(announced: number | undefined, decoded: number): number | undefined {
  if (announced === undefined || announced === 0) return decoded;
  return decoded === announced || decoded === (announced & ~1) ? announced : undefined;
}
