// What the browser test asks of the page: an element, a session that only writes down, and pictures fed by hand.
import "@pulpit/viewer-web/element";
import type { Codec } from "@pulpit/protocol";
import type { EncodedUnit, RemoteDisplay, ViewerSession, ViewerState, ViewerWorld } from "@pulpit/viewer";
import { decodableCodecs, type RemoteDesktopElement, whyUnsupported } from "@pulpit/viewer-web";

/** A unit as it travels to the page. */
export interface SentUnit {
  readonly base64: string;
  readonly key: boolean;
}

class Bench {
  readonly calls: unknown[][] = [];
  readonly events: string[] = [];
  readonly codecs = decodableCodecs;
  readonly whyUnsupported = whyUnsupported;
  element = document.querySelector("remote-desktop") as RemoteDesktopElement;
  world: ViewerWorld | undefined;
  state!: ViewerState;
  #listeners = new Set<() => void>();
  #woken = (): void => undefined;

  /** A new element with a session on it. `inline`: decoding on the page instead of a worker. */
  start(displays: readonly RemoteDisplay[], fit: string, inline: boolean = false): void {
    this.element?.remove();
    this.world?.video.close();
    this.calls.length = 0;
    this.events.length = 0;
    const element = document.createElement("remote-desktop") as RemoteDesktopElement;
    element.setAttribute("fit", fit);
    document.body.append(element);
    const { Worker } = globalThis;
    // biome-ignore lint/suspicious/noExplicitAny: a page without workers is what is wanted here.
    if (inline) (globalThis as any).Worker = undefined;
    this.world = element.world();
    globalThis.Worker = Worker;
    const told = (name: string) => (what: number | Codec) => {
      this.events.push(`${name} ${what}`);
      this.#woken();
    };
    this.world.video.start({
      shown: told("shown"),
      dropped: told("dropped"),
      failed: told("failed"),
      unsupported: told("unsupported"),
    });
    displays.forEach(({ width, height }, i) => {
      this.world?.video.resize(i, width, height);
    });
    this.element = element;
    this.change({
      phase: { name: "connected" },
      peer: { hostname: "h", username: "u", platform: "Linux", version: "1", displays, codecs: [] },
      display: 0,
      viewOnly: false,
    });
    element.session = this.#session();
  }

  change(state: Partial<ViewerState>): void {
    this.state = { ...this.state, ...state };
    for (const listener of this.#listeners) listener();
  }

  /** Gives pictures to the sink and waits until each has come to something. */
  async feed(pictures: readonly (readonly SentUnit[])[], codec: Codec, display: number = 0): Promise<string[]> {
    const from = this.events.length;
    for (const units of pictures) this.world?.video.decode(display, codec, units.map(unit));
    while (this.events.length < from + pictures.length) {
      await new Promise<void>((resolve) => {
        this.#woken = resolve;
      });
    }
    // Drawn on a worker, seen at the next repaint of the page.
    for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame);
    return this.events.slice(from);
  }

  /** The one display has another size from now on. */
  resize(width: number, height: number): void {
    this.world?.video.resize(0, width, height);
    if (this.state.peer === undefined) return;
    this.change({ peer: { ...this.state.peer, displays: [{ x: 0, y: 0, width, height, name: "one" }] } });
  }

  /** A key frame and then so many others at once. */
  flood(key: readonly SentUnit[], next: readonly SentUnit[], codec: Codec, count: number): void {
    for (let i = 0; i < count; i++) this.world?.video.decode(0, codec, (i === 0 ? key : next).map(unit));
  }

  inShadow(selector: string): HTMLElement {
    return this.element.shadowRoot?.querySelector(selector) as HTMLElement;
  }

  #session(): ViewerSession {
    const write =
      (name: string) =>
      (...given: unknown[]): void => {
        this.calls.push([name, ...given]);
      };
    const bench = this;
    return {
      get state() {
        return bench.state;
      },
      subscribe: (listener) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
      },
      login: write("login"),
      enterCode: write("enterCode"),
      movePointer: write("movePointer"),
      button: write("button"),
      wheel: write("wheel"),
      keyDown: ({ code, key, ctrl, altGraph }) => write("keyDown")(code, key, ctrl, altGraph),
      keyUp: ({ code }) => write("keyUp")(code),
      typeText: write("typeText"),
      releaseAll: write("releaseAll"),
      sendCtrlAltDel: write("sendCtrlAltDel"),
      setViewOnly: write("setViewOnly"),
      setPreferredCodec: write("setPreferredCodec"),
      showDisplay: write("showDisplay"),
      refresh: write("refresh"),
      close: write("close"),
    };
  }
}

function unit({ base64, key }: SentUnit): EncodedUnit {
  return { data: Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)), key, pts: 0 };
}

declare global {
  interface Window {
    bench: Bench;
  }
}

window.bench = new Bench();
