import type { CursorSink } from "@pulpit/viewer";

type Shape = Parameters<CursorSink["shape"]>[0];

/** Browsers ignore larger pointers. */
const MAX_SIDE = 128;
/** A place that somebody else moved the pointer to stays visible for this long, ms. */
const SHOWN_FOR = 3000;

/** Shows the host's pointer: its shape as ours, and its place as a ghost while somebody else moves it. */
export class PagePointer implements CursorSink {
  readonly #stage: HTMLElement;
  readonly #ghost: HTMLImageElement;
  readonly #place: (x: number, y: number) => { readonly left: number; readonly top: number } | undefined;
  /** A shape comes back often, and then it is the same object. */
  readonly #urls = new WeakMap<Shape, string>();
  #hot = { x: 0, y: 0 };
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `stage`: where our pointer takes the shape. `place`: host coordinates to a place in the ghost's parent. */
  constructor(
    stage: HTMLElement,
    ghost: HTMLImageElement,
    place: (x: number, y: number) => { readonly left: number; readonly top: number } | undefined,
  ) {
    this.#stage = stage;
    this.#ghost = ghost;
    this.#place = place;
  }

  shape(shape: Shape): void {
    const { width, height, hotX, hotY } = shape;
    if (width > MAX_SIDE || height > MAX_SIDE) {
      this.#stage.style.cursor = "default";
      return;
    }
    const url = this.#urls.get(shape) ?? pngOf(shape);
    this.#urls.set(shape, url);
    this.#hot = { x: hotX, y: hotY };
    this.#ghost.src = url;
    this.#stage.style.cursor = `url(${url}) ${hotX} ${hotY}, default`;
  }

  position(x: number, y: number): void {
    const at = this.#place(x, y);
    if (at === undefined) {
      this.hideGhost();
      return;
    }
    this.#ghost.style.transform = `translate(${at.left - this.#hot.x}px, ${at.top - this.#hot.y}px)`;
    this.#ghost.hidden = false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.hideGhost(), SHOWN_FOR);
  }

  /** Our own pointer is in charge again. */
  hideGhost(): void {
    this.#ghost.hidden = true;
  }
}

/** The shape as the URL of a PNG. */
function pngOf({ width, height, pixels }: Shape): string {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const brush = canvas.getContext("2d");
  if (brush === null) throw new Error("this browser has no 2D canvas");
  const image = brush.createImageData(width, height);
  image.data.set(straightAlpha(pixels));
  brush.putImageData(image, 0, 0);
  return canvas.toDataURL("image/png");
}

/**
 * R, G, B, A with colours that do not contain alpha. Some hosts premultiply and some do not (docs/protocol/media.md,
 * section 10.1): a colour above its alpha tells that this one does not.
 */
export function straightAlpha(pixels: Uint8Array): Uint8Array {
  const out = Uint8Array.from(pixels);
  for (let i = 0; i < pixels.length; i += 4) {
    const alpha = pixels[i + 3] as number;
    for (let c = i; c < i + 3; c++) {
      const colour = pixels[c] as number;
      if (colour > alpha) return pixels;
      out[c] = alpha === 0 ? 0 : Math.round((colour * 255) / alpha);
    }
  }
  return out;
}
