import type { CursorListener, CursorShape, CursorWatch } from "@pulpit/host";
import type { CursorImage, Fixes } from "x11";
import type { X11Connection } from "./connection.ts";
import { cursorShape } from "./cursor-shape.ts";

const DISPLAY_CURSOR = 1;
/** How often the place of the pointer is asked for while somebody watches, ms (docs/protocol/media.md, section 10.2). */
const POLL_EVERY = 33;

/** Pointer shape by XFixes events, place by asking. Rejects with DesktopError. */
export async function openCursorWatch(connection: X11Connection): Promise<CursorWatch> {
  const fixes = await connection.extension<Fixes>("fixes");
  const watch = new X11CursorWatch(connection, fixes);
  await watch.readShape();
  return watch;
}

class X11CursorWatch implements CursorWatch {
  readonly #connection: X11Connection;
  readonly #fixes: Fixes;
  readonly #listeners = new Set<CursorListener>();
  #shape: CursorShape | undefined;
  #place: { readonly x: number; readonly y: number } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isAsking = false;

  constructor(connection: X11Connection, fixes: Fixes) {
    this.#connection = connection;
    this.#fixes = fixes;
    fixes.SelectCursorInput(connection.root, DISPLAY_CURSOR);
    connection.onEvent((event) => {
      // All that can go wrong, here and below, is the end of the connection, which its owner watches.
      if (event.name === "CursorNotify") this.readShape().catch(() => undefined);
    });
    connection.lost.catch(() => clearInterval(this.#timer));
  }

  watch(listener: CursorListener): () => void {
    this.#listeners.add(listener);
    if (this.#shape !== undefined) listener.shape(this.#shape);
    if (this.#listeners.size === 1) {
      // Where it was when somebody last looked is worth nothing.
      this.#place = undefined;
      this.#askPlace();
      this.#timer = setInterval(() => this.#askPlace(), POLL_EVERY);
    } else if (this.#place !== undefined) listener.position(this.#place.x, this.#place.y);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) clearInterval(this.#timer);
    };
  }

  async readShape(): Promise<void> {
    const image = await this.#connection.ask<CursorImage>((callback) => this.#fixes.GetCursorImage(callback));
    const shape = cursorShape(image);
    if (shape === undefined || shape.id === this.#shape?.id) return;
    this.#shape = shape;
    for (const listener of this.#listeners) listener.shape(shape);
  }

  #askPlace(): void {
    // A server that hangs is not asked twice.
    if (this.#isAsking) return;
    this.#isAsking = true;
    this.#readPlace()
      .catch(() => undefined)
      .finally(() => {
        this.#isAsking = false;
      });
  }

  async #readPlace(): Promise<void> {
    const { rootX: x, rootY: y } = await this.#connection.ask<{ rootX: number; rootY: number }>((callback) =>
      this.#connection.client.QueryPointer(this.#connection.root, callback as never),
    );
    if (this.#place?.x === x && this.#place.y === y) return;
    this.#place = { x, y };
    for (const listener of this.#listeners) listener.position(x, y);
  }
}
