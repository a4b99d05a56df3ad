import type { Millis } from "../machine.ts";
import { PresenceRows, type SharedPresence } from "./presence-rows.ts";

/** What the table says of a device that says it is there. */
export type Standing =
  /** It registered by datagrams, from there. */
  | "known"
  /** … and was told of the new list of servers. */
  | "told"
  /** Not there, or not from there: it has to show its key. */
  | "stranger"
  /** Its row was being written. */
  | "unsure";

/** The table of who is where, for a thread that answers signs of life. It changes nothing but when a device was seen. */
export class PresenceReader {
  readonly #rows: PresenceRows;

  constructor(shared: SharedPresence) {
    this.#rows = new PresenceRows(shared);
  }

  /** A sign of life of the ID in `data`, from a packed address. Anybody may say an ID (chapter 9, row 3). */
  alive(
    data: Uint8Array,
    at: number,
    length: number,
    from: { readonly address: Uint8Array; readonly at: number; readonly port: number },
    now: Millis,
  ): Standing {
    const rows = this.#rows;
    const row = rows.find(data, at, length);
    if (row < 0) return "stranger";
    const version = rows.version(row);
    if (version % 2 === 1) return "unsure";
    const isIt = rows.holds(row, data, at, length) && rows.isFrom(row, from.address, from.at, from.port);
    const wasTold = rows.isTold(row);
    if (!rows.isStill(row, version)) return "unsure";
    if (!isIt) return "stranger";
    rows.setSeen(row, now);
    return wasTold ? "told" : "known";
  }
}

/** Opens the table of another thread. */
export function openPresence(shared: SharedPresence): PresenceReader {
  return new PresenceReader(shared);
}
