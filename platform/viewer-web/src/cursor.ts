import type { CursorSink } from "@pulpit/viewer";

/** Browsers ignore larger pointers. */
const MAX_SIDE = 128;
/** A place that somebody else moved the pointer to stays visible for this long, ms. */
const SHOWN_FOR = 3000;

/** Shows the host's pointer: its shape as ours, and its place as a ghost while somebody else moves it. */
export class PagePointer implements CursorSink {
  readonly #stage: HTMLElement;
  readonly #ghost: HTMLImageElement;
  readonly #place: (x: number, y: number) => { readonly left: number; readonly top: number } | undefined;
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

  shape({ width, height, hotX, hotY, pixels }: Parameters<CursorSink["shape"]>[0]): void {
    if (width > MAX_SIDE || height > MAX_SIDE) {
      this.#stage.style.cursor = "default";
      return;
    }
    const url = pngOf(width, height, pixels);
    if (url === undefined) return;
    this.#hot = { x: hotX, y: hotY };
    this.#ghost.src = url;
    this.#stage.style.cursor = `url(${url}) ${hotX} ${hotY}, default`;
  }

  position(x: number, y: number): void {
    const at = this.#place(x, y);
    if (at === undefined) return;
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

/** Premultiplied R, G, B, A to a PNG. */
function pngOf(width: number, height: number, pixels: Uint8Array): string | undefined {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const brush = canvas.getContext("2d");
  if (brush === null) return undefined;
  const image = brush.createImageData(width, height);
  for (let i = 0; i < pixels.length; i += 4) {
    const alpha = pixels[i + 3] as number;
    for (let c = 0; c < 3; c++) {
      image.data[i + c] = alpha === 0 ? 0 : Math.min(255, Math.round(((pixels[i + c] as number) * 255) / alpha));
    }
    image.data[i + 3] = alpha;
  }
  brush.putImageData(image, 0, 0);
  return canvas.toDataURL("image/png");
}
