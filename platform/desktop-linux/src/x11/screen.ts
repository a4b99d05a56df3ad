import type { Grab, Rect, Screen } from "@pulpit/host";
import type { Damage, Fixes } from "x11";
import { DesktopError } from "../errors.ts";
import { X11Connection } from "./connection.ts";
import { openPixels, type Pixels } from "./pixels.ts";
import { clipped, merged } from "./rectangles.ts";

const BYTES_PER_PIXEL = 4;
/** Pixels of one monitor at most: 8192 × 8192, 256 MB. No encoder takes more. */
const MAX_PIXELS = 8192 * 8192;

/**
 * The pixels of one monitor of an X display, over a connection of its own: DAMAGE says where something changed,
 * MIT-SHM reads it. `display`: as in DISPLAY; `area`: the monitor inside the root window. Rejects with DesktopError.
 */
export async function openX11Screen(options: {
  readonly display: string;
  readonly area: Rect;
  readonly signal?: AbortSignal;
}): Promise<Screen> {
  const { display, area, signal } = options;
  const connection = await X11Connection.open(display, signal === undefined ? {} : { signal });
  try {
    await requireInside(connection, area);
    const fixes = await connection.extension<Fixes>("fixes");
    const damage = await connection.extension<Damage>("damage");
    return new X11Screen(connection, area, { fixes, damage }, await openPixels(connection, area));
  } catch (error) {
    await connection[Symbol.asyncDispose]();
    throw error;
  }
}

/** Rejects with DesktopError lost unless the area is a part of the root window. */
async function requireInside(connection: X11Connection, area: Rect): Promise<void> {
  const { x, y, width, height } = area;
  const root = await connection.ask<{ width: number; height: number }>((callback) =>
    connection.client.GetGeometry(connection.root, callback),
  );
  const inside = x >= 0 && y >= 0 && x + width <= root.width && y + height <= root.height;
  if (width < 1 || height < 1 || !inside) throw new DesktopError("lost", "the monitor is not inside the screen");
  if (width * height > MAX_PIXELS) throw new DesktopError("unsupported", "the monitor has too many pixels");
}

class X11Screen implements Screen {
  readonly width: number;
  readonly height: number;
  readonly #connection: X11Connection;
  readonly #area: Rect;
  readonly #damage: Damage;
  readonly #fixes: Fixes;
  readonly #pixels: Pixels;
  readonly #damageId: number;
  readonly #region: number;
  #first = true;
  #dirty = true;
  #waiting: PromiseWithResolvers<void> | undefined;
  #lost: Error | undefined;

  constructor(connection: X11Connection, area: Rect, extensions: { damage: Damage; fixes: Fixes }, pixels: Pixels) {
    this.#connection = connection;
    this.#area = area;
    this.width = area.width;
    this.height = area.height;
    this.#damage = extensions.damage;
    this.#fixes = extensions.fixes;
    this.#pixels = pixels;
    this.#damageId = connection.client.AllocID();
    this.#region = connection.client.AllocID();
    this.#fixes.CreateRegion(this.#region, []);
    // One event when the first change comes; nothing more until it was fetched, however much is drawn meanwhile.
    this.#damage.Create(this.#damageId, connection.root, this.#damage.ReportLevel.NonEmpty);
    connection.onEvent((event) => {
      if (event.name === "DamageNotify") this.#changed();
    });
    connection.lost.catch((error: Error) => {
      this.#lost = error;
      this.#waiting?.reject(error);
    });
  }

  changed(): Promise<void> {
    if (this.#lost !== undefined) return Promise.reject(this.#lost);
    if (this.#dirty) return Promise.resolve();
    this.#waiting ??= Promise.withResolvers<void>();
    return this.#waiting.promise;
  }

  async grab(): Promise<Grab | undefined> {
    this.#dirty = false;
    try {
      const damaged = await this.#takeDamage();
      const whole = { x: 0, y: 0, width: this.width, height: this.height };
      const changed = this.#first ? [whole] : merged(clipped(damaged, this.#area));
      if (changed.length === 0) return undefined;
      await this.#pixels.read(changed);
      this.#first = false;
      return { pixels: this.#pixels.bytes, stride: this.width * BYTES_PER_PIXEL, changed };
    } catch (error) {
      if (!(error instanceof DesktopError) || error.code !== "refused") throw error;
      // The one thing that is refused is reading outside of the root window.
      throw new DesktopError("lost", "the monitor is gone or has become smaller", { cause: error });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#connection[Symbol.asyncDispose]();
    this.#pixels[Symbol.dispose]();
  }

  /** Asked for before the pixels: what changes in between is reported again, never lost. */
  async #takeDamage(): Promise<readonly Rect[]> {
    this.#damage.Subtract(this.#damageId, 0, this.#region);
    const { rectangles } = await this.#connection.ask<{ rectangles: readonly Rect[] }>((callback) =>
      this.#fixes.FetchRegion(this.#region, callback),
    );
    return rectangles;
  }

  #changed(): void {
    this.#dirty = true;
    this.#waiting?.resolve();
    this.#waiting = undefined;
  }
}
