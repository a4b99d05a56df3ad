import type { Rect } from "@pulpit/host";
import type { Shm } from "x11";
import { DesktopError } from "../errors.ts";
import { bandsOf } from "./bands.ts";
import type { X11Connection } from "./connection.ts";
import { openSharedMemory, type SharedMemory } from "./shared-memory.ts";

const Z_PIXMAP = 2;
const ALL_PLANES = 0xffffffff;
const BYTES_PER_PIXEL = 4;

/** The pixels of a part of the root window, B, G, R, unused, read when asked for. */
export interface Pixels extends Disposable {
  /** The whole part; empty once disposed of. */
  readonly bytes: Uint8Array;
  /** Reads at least these rectangles, which are relative to the part. Rejects with DesktopError. */
  read(rects: readonly Rect[]): Promise<void>;
}

/** Through shared memory where server and we have some in common, else over the connection. Rejects with DesktopError. */
export async function openPixels(connection: X11Connection, area: Rect): Promise<Pixels> {
  requireKnownFormat(connection);
  try {
    return await openSharedPixels(connection, area);
  } catch (error) {
    // No extension, no memory, or a server on another machine or in another container, which finds none.
    const possible = error instanceof DesktopError && (error.code === "unsupported" || error.code === "refused");
    if (!possible) throw error;
    return openSocketPixels(connection, area);
  }
}

/** @throws DesktopError unsupported unless a pixel is the 4 bytes B, G, R, unused */
function requireKnownFormat({ display, screen }: X11Connection): void {
  const depth = screen.root_depth;
  const visual = screen.depths[depth]?.[screen.root_visual];
  const usual = visual?.red_mask === 0xff0000 && visual.green_mask === 0xff00 && visual.blue_mask === 0xff;
  const bits = display.format[depth]?.bits_per_pixel;
  if ((depth === 24 || depth === 32) && bits === 32 && usual && display.image_byte_order === 0) return;
  throw new DesktopError("unsupported", `a screen of depth ${depth} can't be read; 24 is needed`);
}

/** Rows at full width, written by the server where they belong. */
async function openSharedPixels(connection: X11Connection, area: Rect): Promise<Pixels> {
  const shm = await connection.extension<Shm>("shm");
  const memory: SharedMemory = openSharedMemory(area.width * area.height * BYTES_PER_PIXEL);
  const segment = connection.client.AllocID();
  try {
    await connection.ask<void>((callback) => shm.Attach(segment, memory.id, false, callback));
  } catch (error) {
    memory[Symbol.dispose]();
    throw error;
  } finally {
    memory.markForRemoval();
  }
  return {
    bytes: memory.bytes,
    async read(rects) {
      const { x, y, width } = area;
      const requests = bandsOf(rects).map((band) => {
        const offset = band.y * width * BYTES_PER_PIXEL;
        return connection.ask((callback) => {
          const { root } = connection;
          shm.GetImage(root, x, y + band.y, width, band.height, ALL_PLANES, Z_PIXMAP, segment, offset, callback);
        });
      });
      await Promise.all(requests);
    },
    [Symbol.dispose]: () => memory[Symbol.dispose](),
  };
}

/** Each rectangle alone, as every byte is sent and copied. */
function openSocketPixels(connection: X11Connection, area: Rect): Pixels {
  const bytes = new Uint8Array(area.width * area.height * BYTES_PER_PIXEL);
  const stride = area.width * BYTES_PER_PIXEL;
  async function readOne({ x, y, width, height }: Rect): Promise<void> {
    const { data } = await connection.ask<{ data: Uint8Array }>((callback) => {
      const { client, root } = connection;
      client.GetImage(Z_PIXMAP, root, area.x + x, area.y + y, width, height, ALL_PLANES, callback);
    });
    const length = width * BYTES_PER_PIXEL;
    for (let row = 0; row < height; row++) {
      bytes.set(data.subarray(row * length, (row + 1) * length), (y + row) * stride + x * BYTES_PER_PIXEL);
    }
  }
  return {
    bytes,
    async read(rects) {
      await Promise.all(rects.map(readOne));
    },
    [Symbol.dispose]: () => undefined,
  };
}
