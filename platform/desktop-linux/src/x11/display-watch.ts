import type { Display } from "@pulpit/host";
import { DesktopError } from "../errors.ts";
import type { X11Connection } from "./connection.ts";
import { openRandr, readDisplays } from "./displays.ts";

/** RRSelectInput: screen, CRTC and output changes. */
const RANDR_CHANGES = 1 | 2 | 4;
/** Core protocol: events about the root window itself, and the one about its new place or size. */
const STRUCTURE_NOTIFY = 1 << 17;
const CONFIGURE_NOTIFY = 22;
/** One change of the set-up comes as many events, with odd states in between; this long without one it is over, ms. */
const QUIET = 100;

/** The monitors, kept up to date. */
export interface DisplayWatch extends Disposable {
  readonly displays: readonly Display[];
  /** Calls back when `displays` has become different; returns its cancellation. */
  onChanged(listener: () => void): () => void;
}

/** Rejects with DesktopError. */
export async function watchDisplays(connection: X11Connection): Promise<DisplayWatch> {
  const randr = await openRandr(connection);
  randr?.SelectInput(connection.root, RANDR_CHANGES);
  // Monitors that somebody divides or joins (xrandr --setmonitor) are told in no other way.
  connection.client.ChangeWindowAttributes(connection.root, { eventMask: STRUCTURE_NOTIFY });
  let displays = await readDisplays(connection, randr);
  const listeners = new Set<() => void>();
  let timer: NodeJS.Timeout | undefined;

  async function update(): Promise<void> {
    const now = await readDisplays(connection, randr);
    if (JSON.stringify(now) === JSON.stringify(displays)) return;
    displays = now;
    for (const listener of listeners) listener();
  }

  const stop = connection.onEvent(({ type }) => {
    // RRScreenChangeNotify and RRNotify.
    const isRandr = randr !== undefined && (type === randr.firstEvent || type === randr.firstEvent + 1);
    if (!isRandr && type !== CONFIGURE_NOTIFY) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      update().catch((error) => {
        // The end of the connection is told by whoever owns it.
        if (!(error instanceof DesktopError)) throw error;
      });
    }, QUIET);
  });

  return {
    get displays() {
      return displays;
    },
    onChanged(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    [Symbol.dispose]() {
      stop();
      clearTimeout(timer);
    },
  };
}
