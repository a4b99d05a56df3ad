import type { CursorListener, CursorShape, CursorWatch } from "@pulpit/host";
import type { CursorImage, Fixes } from "x11";
import { DesktopError } from "../errors.ts";
import type { X11Connection } from "./connection.ts";
import { cursorShape } from "./cursor-shape.ts";

const DISPLAY_CURSOR = 1;
/**
 * How often the place of the pointer is asked for while somebody watches, and its shape read at most, ms
 * (docs/protocol/media.md, section 10).
 */
const EVERY = 33;
/** … and once it has kept still for this long: whoever sits there does not notice, and an idle host stays idle. */
const STILL_EVERY = 100;
const STILL_AFTER = 1_000;

/** Pointer shape by XFixes events, place by asking; neither while nobody watches. Rejects with DesktopError. */
export async function openCursorWatch(connection: X11Connection): Promise<CursorWatch> {
  return new X11CursorWatch(connection, await connection.extension<Fixes>("fixes"));
}

class X11CursorWatch implements CursorWatch {
  readonly #connection: X11Connection;
  readonly #fixes: Fixes;
  readonly #listeners = new Set<CursorListener>();
  #shape: CursorShape | undefined;
  #isStale = true;
  #shapeAt = Number.NEGATIVE_INFINITY;
  #place: { readonly x: number; readonly y: number } | undefined;
  #movedAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #isAsking = false;

  constructor(connection: X11Connection, fixes: Fixes) {
    this.#connection = connection;
    this.#fixes = fixes;
    fixes.SelectCursorInput(connection.root, DISPLAY_CURSOR);
    connection.onEvent((event) => {
      if (event.name !== "CursorNotify") return;
      this.#isStale = true;
      if (performance.now() - this.#shapeAt >= EVERY) this.#ask();
    });
    connection.lost.catch(() => clearTimeout(this.#timer));
  }

  watch(listener: CursorListener): () => void {
    const isFirst = this.#listeners.size === 0;
    this.#listeners.add(listener);
    if (isFirst) {
      // What it was when somebody last looked is worth nothing.
      this.#place = undefined;
      this.#shape = undefined;
      this.#isStale = true;
      this.#askAgain();
    }
    if (this.#shape !== undefined) listener.shape(this.#shape);
    if (this.#place !== undefined) listener.position(this.#place.x, this.#place.y);
    this.#ask();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) clearTimeout(this.#timer);
    };
  }

  #askAgain(): void {
    const isStill = performance.now() - this.#movedAt > STILL_AFTER;
    this.#timer = setTimeout(
      () => {
        this.#ask();
        this.#askAgain();
      },
      isStill ? STILL_EVERY : EVERY,
    );
  }

  /** One question at a time: a server that hangs is not asked again. */
  #ask(): void {
    if (this.#isAsking || this.#listeners.size === 0) return;
    this.#isAsking = true;
    Promise.all([this.#isStale ? this.#readShape() : undefined, this.#readPlace()])
      .catch((error) => {
        // The end of the connection is told by whoever owns it.
        if (!(error instanceof DesktopError)) throw error;
      })
      .finally(() => {
        this.#isAsking = false;
      });
  }

  async #readShape(): Promise<void> {
    this.#isStale = false;
    this.#shapeAt = performance.now();
    const image = await this.#connection.ask<CursorImage>((callback) => this.#fixes.GetCursorImage(callback));
    const shape = cursorShape(image);
    if (shape === undefined || shape.id === this.#shape?.id) return;
    this.#shape = shape;
    for (const listener of this.#listeners) listener.shape(shape);
  }

  async #readPlace(): Promise<void> {
    const { rootX: x, rootY: y } = await this.#connection.ask<{ rootX: number; rootY: number }>((callback) =>
      this.#connection.client.QueryPointer(this.#connection.root, callback),
    );
    if (this.#place?.x === x && this.#place.y === y) return;
    this.#place = { x, y };
    this.#movedAt = performance.now();
    for (const listener of this.#listeners) listener.position(x, y);
  }
}
