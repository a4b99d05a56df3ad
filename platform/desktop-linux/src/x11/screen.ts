import type { Grab, Rect, Screen } from "@pulpit/host";
import type { Damage, Fixes, Shm } from "x11";
import { DesktopError } from "../errors.ts";
import { bandsOf, bounded, clipped } from "./bands.ts";
import { X11Connection } from "./connection.ts";
import { openSharedMemory, type SharedMemory } from "./shared-memory.ts";

const Z_PIXMAP = 2;
const ALL_PLANES = 0xffffffff;
const BYTES_PER_PIXEL = 4;

/**
 * The pixels of one monitor of an X display, read by MIT-SHM where DAMAGE says that something changed.
 * `area`: the monitor inside the root window. Rejects with DesktopError.
 */
export async function openX11Screen(options: { readonly display: string; readonly area: Rect }): Promise<Screen> {
  const connection = await X11Connection.open(options.display);
  try {
    return await X11Screen.on(connection, options.area);
  } catch (error) {
    await connection[Symbol.asyncDispose]();
    throw error;
  }
}

class X11Screen implements Screen {
  readonly width: number;
  readonly height: number;
  readonly #connection: X11Connection;
  readonly #area: Rect;
  readonly #damage: Damage;
  readonly #fixes: Fixes;
  readonly #shm: Shm;
  readonly #memory: SharedMemory;
  readonly #damageId: number;
  readonly #region: number;
  readonly #segment: number;
  #first = true;
  #dirty = true;
  #waiting: PromiseWithResolvers<void> | undefined;

  private constructor(
    connection: X11Connection,
    area: Rect,
    extensions: { damage: Damage; fixes: Fixes; shm: Shm },
    memory: SharedMemory,
    segment: number,
  ) {
    this.#connection = connection;
    this.#area = area;
    this.width = area.width;
    this.height = area.height;
    this.#damage = extensions.damage;
    this.#fixes = extensions.fixes;
    this.#shm = extensions.shm;
    this.#memory = memory;
    this.#segment = segment;
    this.#damageId = connection.client.AllocID();
    this.#region = connection.client.AllocID();
    this.#fixes.CreateRegion(this.#region, []);
    // One event when the first change comes; nothing more until it was fetched.
    this.#damage.Create(this.#damageId, connection.root, this.#damage.ReportLevel.NonEmpty);
    connection.onEvent((event) => {
      if (event.name === "DamageNotify") this.#changed();
    });
  }

  static async on(connection: X11Connection, area: Rect): Promise<X11Screen> {
    const { screen, display } = connection;
    const bits = display.format[screen.root_depth]?.bits_per_pixel;
    if (bits !== undefined && bits !== 32) throw new DesktopError("unsupported", `pixels of ${bits} bits`);
    const fixes = await connection.extension<Fixes>("fixes");
    const damage = await connection.extension<Damage>("damage");
    const shm = await connection.extension<Shm>("shm");
    const memory = openSharedMemory(area.width * area.height * BYTES_PER_PIXEL);
    const segment = connection.client.AllocID();
    await connection.ask<void>((callback) =>
      shm.Attach(segment, memory.id, false, (error) => {
        callback(error, undefined);
        return true;
      }),
    );
    memory.markForRemoval();
    return new X11Screen(connection, area, { damage, fixes, shm }, memory, segment);
  }

  changed(): Promise<void> {
    if (this.#dirty) return Promise.resolve();
    this.#waiting ??= Promise.withResolvers<void>();
    return Promise.race([this.#waiting.promise, this.#connection.lost]);
  }

  async grab(): Promise<Grab | undefined> {
    // Taken before the pixels: what changes in between is reported again, never lost.
    this.#dirty = false;
    this.#damage.Subtract(this.#damageId, 0, this.#region);
    const { rectangles } = await this.#connection.ask<{ rectangles: readonly Rect[] }>((callback) =>
      this.#fixes.FetchRegion(this.#region, callback),
    );
    const whole = { x: 0, y: 0, width: this.width, height: this.height };
    const changed = this.#first ? [whole] : bounded(clipped(rectangles, this.#area));
    if (changed.length === 0) return undefined;
    this.#first = false;
    const stride = this.width * BYTES_PER_PIXEL;
    await Promise.all(
      bandsOf(changed).map(({ y, height }) =>
        this.#connection.ask((callback) =>
          this.#shm.GetImage(
            this.#connection.root,
            this.#area.x,
            this.#area.y + y,
            this.width,
            height,
            ALL_PLANES,
            Z_PIXMAP,
            this.#segment,
            y * stride,
            callback,
          ),
        ),
      ),
    );
    return { pixels: this.#memory.bytes, stride, changed };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#connection[Symbol.asyncDispose]();
    this.#memory.detach();
  }

  #changed(): void {
    this.#dirty = true;
    this.#waiting?.resolve();
    this.#waiting = undefined;
  }
}
