import { browserCompression, browserCrypto, browserRandom } from "@pulpit/crypto-browser";
import { browserClock, dialWebSocket } from "@pulpit/link-browser";
import type { IceServer } from "@pulpit/protocol";
import type { RemoteDisplay, ViewerSession, ViewerWorld } from "@pulpit/viewer";
import { PagePointer } from "./cursor.ts";
import { canvasSink } from "./decode/sink.ts";
import { ELEMENT_STYLE } from "./element-style.ts";
import { listenToKeyboard } from "./input/keyboard.ts";
import { type Locate, listenToPointer } from "./input/pointer.ts";
import { listenToTouch, type Magnifier } from "./input/touch.ts";
import { listenToWheel } from "./input/wheel.ts";
import { BrowserKnownHosts } from "./known-hosts.ts";
import { type Fit, pixelAt, shownBox } from "./render/fit.ts";
import { pageWays } from "./ways.ts";

/** Two fingers enlarge a picture up to so many times. */
const MAX_ZOOM = 8;

/**
 * `<remote-desktop>`: shows one session and listens to keys and pointers. Use: `view(target, identity,
 * element.world())`, then `element.session = session`. Attribute `fit`: `contain` (default) or `original`.
 */
export class RemoteDesktopElement extends HTMLElement {
  static readonly observedAttributes: readonly string[] = ["fit", "aria-label"];

  readonly #stage = document.createElement("div");
  readonly #picture = document.createElement("div");
  readonly #catcher = document.createElement("textarea");
  readonly #ghost = document.createElement("img");
  readonly #resizing: ResizeObserver;
  #pointer: PagePointer;
  #zoom = 1;
  #session: ViewerSession | undefined;
  #stopSession: (() => void) | undefined;
  #stopListening: (() => void) | undefined;

  constructor() {
    super();
    const style = document.createElement("style");
    style.textContent = ELEMENT_STYLE;
    this.#stage.className = "stage";
    this.#picture.className = "picture";
    this.#ghost.hidden = true;
    this.#ghost.alt = "";
    for (const name of ["autocomplete", "autocorrect", "autocapitalize"]) this.#catcher.setAttribute(name, "off");
    this.#catcher.spellcheck = false;
    this.#picture.append(this.#ghost);
    this.#stage.append(this.#picture, this.#catcher);
    this.attachShadow({ mode: "open" }).append(style, this.#stage);
    this.#pointer = new PagePointer(this.#picture, this.#ghost, (x, y) => this.#placeOf(x, y));
    this.#resizing = new ResizeObserver(() => this.#layout());
  }

  /**
   * Everything a session needs of this page. Each call gives a fresh surface to draw on.
   * `iceServers`: asked for a way to the host; none unless they are given.
   */
  world({ iceServers = [] }: { readonly iceServers?: readonly IceServer[] } = {}): ViewerWorld {
    const canvas = document.createElement("canvas");
    this.#picture.querySelector("canvas")?.remove();
    this.#picture.prepend(canvas);
    this.#pointer = new PagePointer(this.#picture, this.#ghost, (x, y) => this.#placeOf(x, y));
    const knownHosts = new BrowserKnownHosts();
    return {
      dial: dialWebSocket,
      ways: pageWays(iceServers),
      crypto: browserCrypto(),
      random: browserRandom(),
      compression: browserCompression(),
      clock: browserClock(),
      knownHosts,
      deviceSecrets: knownHosts.deviceSecrets,
      video: canvasSink(canvas),
      cursor: this.#pointer,
    };
  }

  get session(): ViewerSession | undefined {
    return this.#session;
  }

  set session(session: ViewerSession | undefined) {
    this.#stopSession?.();
    this.#session = session;
    this.#stopSession = session?.subscribe(() => this.#layout());
    this.#layout();
  }

  /** Gives the remote desktop the keyboard; on a phone this brings up the on-screen keyboard. */
  override focus(): void {
    this.#catcher.focus({ preventScroll: true });
  }

  connectedCallback(): void {
    const session = (): ViewerSession | undefined => this.#session;
    const locate: Locate = (x, y) => this.#pixelAt(x, y);
    // A finger does not bring the keyboard up: that would cover the desktop at every tap.
    const focus = ({ pointerType }: PointerEvent): void => void (pointerType !== "touch" && this.focus());
    // Beside the picture as well, a press leaves the focus where it is.
    const stay = (event: Event): void => event.preventDefault();
    // A browser that closes a tab says nothing over WebRTC, and the host would wait for it with its keys held.
    const leave = (): void => this.#session?.close();
    globalThis.addEventListener("pagehide", leave);
    this.#stage.addEventListener("pointerdown", focus);
    this.#stage.addEventListener("mousedown", stay);
    const stops = [
      listenToPointer(this.#picture, session, locate, () => this.#pointer.hideGhost()),
      listenToTouch(this.#picture, session, locate, this.#magnifier()),
      listenToWheel(this.#stage, session),
      listenToKeyboard(this.#catcher, session),
      () => this.#stage.removeEventListener("pointerdown", focus),
      () => this.#stage.removeEventListener("mousedown", stay),
      () => globalThis.removeEventListener("pagehide", leave),
    ];
    this.#stopListening = () => stops.forEach((stop) => void stop());
    this.#resizing.observe(this);
    this.#layout();
  }

  disconnectedCallback(): void {
    this.#session?.releaseAll();
    this.#stopListening?.();
    this.#resizing.disconnect();
  }

  attributeChangedCallback(name: string, _old: string | null, value: string | null): void {
    if (name === "aria-label") this.#catcher.setAttribute("aria-label", value ?? "");
    else this.#layout();
  }

  get #display(): RemoteDisplay | undefined {
    const state = this.#session?.state;
    return state?.peer?.displays[state.display];
  }

  #layout(): void {
    const display = this.#display;
    if (display === undefined) return;
    const fit: Fit = this.getAttribute("fit") === "original" ? "original" : "contain";
    const room = { width: this.clientWidth, height: this.clientHeight };
    const box = shownBox(display, room, fit, globalThis.devicePixelRatio, this.#zoom);
    this.#picture.style.width = `${box.width}px`;
    this.#picture.style.height = `${box.height}px`;
    this.#picture.style.margin = `${box.top}px 0 0 ${box.left}px`;
  }

  #magnifier(): Magnifier {
    return {
      zoomed: () => this.#zoom > 1 || this.getAttribute("fit") === "original",
      zoomBy: (factor, at) => this.#zoomBy(factor, at),
      panBy: (x, y) => this.scrollBy(-x, -y),
    };
  }

  /** Enlarges the picture around a point of the page. */
  #zoomBy(factor: number, at: { readonly x: number; readonly y: number }): void {
    const before = this.#picture.getBoundingClientRect();
    this.#zoom = Math.max(1, Math.min(MAX_ZOOM, this.#zoom * factor));
    this.#layout();
    const after = this.#picture.getBoundingClientRect();
    const grown = before.width > 0 ? after.width / before.width : 1;
    this.scrollBy(after.left + (at.x - before.left) * grown - at.x, after.top + (at.y - before.top) * grown - at.y);
  }

  /** Host desktop coordinates of a point of the page. */
  #pixelAt(clientX: number, clientY: number): { x: number; y: number } | undefined {
    const display = this.#display;
    if (display === undefined) return undefined;
    const pixel = pixelAt({ x: clientX, y: clientY }, this.#picture.getBoundingClientRect(), display);
    return pixel && { x: display.x + pixel.x, y: display.y + pixel.y };
  }

  /** Where a place on the host is inside the picture, CSS pixels; undefined when it is on another display. */
  #placeOf(x: number, y: number): { left: number; top: number } | undefined {
    const display = this.#display;
    if (display === undefined) return undefined;
    const { width, height } = this.#picture.getBoundingClientRect();
    const left = ((x - display.x) * width) / display.width;
    const top = ((y - display.y) * height) / display.height;
    return left >= 0 && top >= 0 && left < width && top < height ? { left, top } : undefined;
  }
}
