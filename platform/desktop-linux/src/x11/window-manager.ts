import { setTimeout as sleep } from "node:timers/promises";
import type { X11Connection } from "./connection.ts";

/** Set by every manager of the Extended Window Manager Hints at the end of its start: a list of its windows. */
const READY = "_NET_CLIENT_LIST";
/** Time between two looks, ms. */
const EVERY = 20;
/** One that does not follow the hints is given this long, ms. */
const WITHIN = 3_000;

/**
 * Resolves once a window manager has taken over. A window that asks to be shown while a manager starts may be lost:
 * the X server leaves the request to the manager, and that one is not listening yet. Rejects with DesktopError.
 */
export async function windowManagerReady(connection: X11Connection, signal?: AbortSignal): Promise<void> {
  const { client, root } = connection;
  const atom = await connection.ask<number>((callback) => client.InternAtom(false, READY, callback));
  for (let waited = 0; waited < WITHIN; waited += EVERY) {
    signal?.throwIfAborted();
    const { type } = await connection.ask<{ type: number }>((callback) =>
      client.GetProperty(0, root, atom, 0, 0, 0, callback),
    );
    if (type !== 0) return;
    await sleep(EVERY);
  }
}
