import type { CursorListener, CursorShape, CursorWatch } from "@pulpit/host";
import type { Fixes } from "x11";
import type { X11Connection } from "./connection.ts";

const DISPLAY_CURSOR = 1;
/** How often the place of the pointer is asked for while somebody watches, ms (docs/protocol/media.md, section 10.2). */
const POLL_EVERY = 33;
/** Larger pointers are not shown; none is in use. */
const MAX_SIDE = 256;

/** Pointer shape by XFixes events, place by asking. */
export async function openCursorWatch(connection: X11Connection): Promise<CursorWatch> {
  const fixes = await connection.extension<Fixes>("fixes");
  const listeners = new Set<CursorListener>();
  let shape: CursorShape | undefined;
  let place: { x: number; y: number } | undefined;
  let timer: NodeJS.Timeout | undefined;

  async function readShape(): Promise<void> {
    const image = await connection.ask<Parameters<Parameters<Fixes["GetCursorImage"]>[0]>[1]>((callback) =>
      fixes.GetCursorImage(callback),
    );
    const { width, height, xhot, yhot } = image;
    if (width < 1 || height < 1 || width > MAX_SIDE || height > MAX_SIDE) return;
    if (shape?.id === BigInt(image.cursorSerial)) return;
    const pixels = rgba(image.cursorImage);
    shape = { id: BigInt(image.cursorSerial), width, height, hotX: xhot, hotY: yhot, pixels };
    for (const listener of listeners) listener.shape(shape);
  }

  async function readPlace(): Promise<void> {
    const { rootX: x, rootY: y } = await connection.ask<{ rootX: number; rootY: number }>((callback) =>
      connection.client.QueryPointer(connection.root, callback as never),
    );
    if (place?.x === x && place.y === y) return;
    place = { x, y };
    for (const listener of listeners) listener.position(x, y);
  }

  fixes.SelectCursorInput(connection.root, DISPLAY_CURSOR);
  connection.onEvent((event) => {
    // The connection's end is told by whoever owns it.
    if (event.name === "CursorNotify") readShape().catch(() => undefined);
  });
  await readShape();

  return {
    watch(listener) {
      listeners.add(listener);
      if (shape !== undefined) listener.shape(shape);
      if (place !== undefined) listener.position(place.x, place.y);
      timer ??= setInterval(() => void readPlace().catch(() => undefined), POLL_EVERY);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
  };
}

/** B, G, R, A as the server stores it to R, G, B, A; premultiplied both. */
function rgba(bgra: Uint8Array): Uint8Array {
  const out = new Uint8Array(bgra.length);
  for (let i = 0; i + 3 < bgra.length; i += 4) {
    out[i] = bgra[i + 2] as number;
    out[i + 1] = bgra[i + 1] as number;
    out[i + 2] = bgra[i] as number;
    out[i + 3] = bgra[i + 3] as number;
  }
  return out;
}
