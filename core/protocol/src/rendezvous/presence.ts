import type { Millis } from "../machine.ts";
import type { Endpoint } from "./device.ts";
import type { HashKey } from "./keyed-hash.ts";
import { ADDRESS_BYTES, addressText, packAddress } from "./packed-address.ts";
import { type OtherDevice, OtherDevices } from "./presence-others.ts";
import { openPresence, type PresenceReader } from "./presence-reader.ts";
import { MAX_ROW_ID, newSharedPresence, PresenceRows, type SharedPresence } from "./presence-rows.ts";

/** A device not heard of for this long is offline, ms (docs/protocol/rendezvous.md, section 4.1). */
export const ONLINE_FOR = 30_000;
/** Rows looked at for one that may be given away, when the table is full. */
const LOOK_AT = 64;

/** A device that has been heard of. */
export interface Present {
  readonly id: string;
  /** Where its datagrams come from, or its connection. */
  readonly endpoint: Endpoint;
  /** Its long-lived connection; undefined for one that registers by datagrams. */
  readonly connection: number | undefined;
}

/**
 * Who is where, since when. A million devices have to fit, so a device is a row of numbers and not an object, in memory
 * that a thread may read as well. Bounded: beyond `limit` rows, one that is offline gives its row away; without one
 * the newcomer has to wait.
 */
export class Presence {
  /** For `openPresence` in a thread of the same process. */
  readonly shared: SharedPresence;
  readonly #rows: PresenceRows;
  readonly #reader: PresenceReader;
  readonly #others: OtherDevices;
  /** IDs by their long-lived connection. */
  readonly #connected = new Map<number, string>();
  readonly #from = { address: new Uint8Array(ADDRESS_BYTES), at: 0, port: 0 };
  #size = 0;
  /** Rows that have been in use; free ones among them are chained, the first one's number + 1 is `#free`. */
  #used = 0;
  #free = 0;
  #hand = 0;

  /** `key`: from a generator nobody can foresee, or strangers can choose IDs that make the table slow. */
  constructor(limit: number, key: HashKey) {
    this.shared = newSharedPresence(limit, key);
    this.#rows = new PresenceRows(this.shared);
    this.#reader = openPresence(this.shared);
    this.#others = new OtherDevices(limit);
  }

  get size(): number {
    return this.#size + this.#others.size;
  }

  /** Devices online now; looks at every row. */
  countOnline(now: Millis): number {
    let count = 0;
    for (let row = 0; row < this.#used; row++) if (this.#rows.isTaken(row) && this.#isOnline(row, now)) count += 1;
    for (const device of this.#others.values()) if (isOnline(device, now)) count += 1;
    return count;
  }

  /** The device as last heard of, online or not. */
  get(id: string): Present | undefined {
    const row = this.#find(idBytes(id));
    if (row >= 0) return this.#present(id, row);
    const other = this.#others.get(id);
    return other && present(id, other.endpoint, other.connection);
  }

  online(id: string, now: Millis): Present | undefined {
    const row = this.#find(idBytes(id));
    if (row >= 0) return this.#isOnline(row, now) ? this.#present(id, row) : undefined;
    const other = this.#others.get(id);
    return other && isOnline(other, now) ? present(id, other.endpoint, other.connection) : undefined;
  }

  /**
   * A device has shown who it is, from here. `connection`: the long-lived one it came on.
   * False when there is no room: more devices are online than the server was made for.
   */
  registered(id: string, from: Endpoint, now: Millis, connection = 0): boolean {
    const bytes = idBytes(id);
    const hasRow = bytes.length > 0 && bytes.length <= MAX_ROW_ID && this.#pack(from);
    const ok = hasRow ? this.#putRow(id, bytes, now, connection) : this.#putOther(id, from, now, connection);
    if (!ok || connection === 0) return ok;
    // A connection is that of one device.
    const before = this.#connected.get(connection);
    if (before !== undefined && before !== id) this.forget(before);
    this.#connected.set(connection, id);
    return true;
  }

  /** A sign of life. False when it is not from where the device registered: anybody may say an ID (chapter 9, row 3). */
  alive(id: string, from: Endpoint, now: Millis): boolean {
    const bytes = idBytes(id);
    if (bytes.length > 0 && bytes.length <= MAX_ROW_ID && this.#pack(from)) {
      return this.#reader.alive(bytes, 0, bytes.length, this.#from, now) !== "stranger";
    }
    const other = this.#others.get(id);
    if (other === undefined || other.connection !== 0 || !isSame(other.endpoint, from)) return false;
    other.seen = now;
    return true;
  }

  /** True once between two registrations, for a device that is heard from where it registered. */
  tellOnce(id: string, from: Endpoint, now: Millis): boolean {
    if (!this.alive(id, from, now)) return false;
    const row = this.#find(idBytes(id));
    const other = this.#others.get(id);
    if (row >= 0 ? this.#rows.isTold(row) : other?.told !== false) return false;
    if (row >= 0) this.#rows.setTold(row);
    else if (other !== undefined) other.told = true;
    return true;
  }

  /** A connection is gone; the device that lived on it is offline. */
  disconnected(connection: number): void {
    const id = this.#connected.get(connection);
    if (id !== undefined) this.forget(id);
  }

  forget(id: string): void {
    const row = this.#find(idBytes(id));
    if (row >= 0) this.#clear(row);
    const other = this.#others.get(id);
    if (other === undefined) return;
    this.#connected.delete(other.connection);
    this.#others.delete(id);
  }

  #putRow(id: string, bytes: Uint8Array, now: Millis, connection: number): boolean {
    const old = this.#find(bytes);
    if (old < 0 && this.#size >= this.shared.limit && !this.#makeRoom(now)) return false;
    if (old < 0) this.forget(id);
    else this.#connected.delete(this.#rows.connection(old));
    const row = old < 0 ? this.#newRow() : old;
    this.#rows.setSeen(row, now);
    this.#rows.write(row, bytes, { address: this.#from.address, port: this.#from.port, connection });
    if (old < 0) this.#rows.link(row);
    return true;
  }

  #putOther(id: string, from: Endpoint, now: Millis, connection: number): boolean {
    const device: OtherDevice = { endpoint: from, connection, seen: now, told: false };
    const old = this.get(id);
    if (!this.#others.put(id, device, (other) => isOnline(other, now))) return false;
    if (old?.connection !== undefined) this.#connected.delete(old.connection);
    const row = this.#find(idBytes(id));
    if (row >= 0) this.#clear(row);
    return true;
  }

  #find(bytes: Uint8Array): number {
    return bytes.length === 0 || bytes.length > MAX_ROW_ID ? -1 : this.#rows.find(bytes, 0, bytes.length);
  }

  #pack({ host, port }: Endpoint): boolean {
    this.#from.port = port;
    return packAddress(host, this.#from.address, 0);
  }

  #isOnline(row: number, now: Millis): boolean {
    return this.#rows.connection(row) !== 0 || now - this.#rows.seen(row) < ONLINE_FOR;
  }

  #present(id: string, row: number): Present {
    const endpoint = { host: addressText(this.#rows.address(row), 0), port: this.#rows.port(row) };
    return present(id, endpoint, this.#rows.connection(row));
  }

  #newRow(): number {
    this.#size += 1;
    if (this.#free === 0) return this.#used++;
    const row = this.#free - 1;
    this.#free = this.#rows.connection(row);
    return row;
  }

  #clear(row: number): void {
    this.#connected.delete(this.#rows.connection(row));
    this.#rows.unlink(row);
    this.#rows.clear(row, this.#free);
    this.#free = row + 1;
    this.#size -= 1;
  }

  /** The hand goes round like that of a clock, so that every row is looked at in turn. */
  #makeRoom(now: Millis): boolean {
    for (let i = 0; i < Math.min(LOOK_AT, this.#used); i++) {
      this.#hand = (this.#hand + 1) % this.#used;
      if (!this.#rows.isTaken(this.#hand) || this.#isOnline(this.#hand, now)) continue;
      this.#clear(this.#hand);
      return true;
    }
    return false;
  }
}

function isOnline(device: OtherDevice, now: Millis): boolean {
  return device.connection !== 0 || now - device.seen < ONLINE_FOR;
}

function isSame(one: Endpoint, other: Endpoint): boolean {
  return one.host === other.host && one.port === other.port;
}

function present(id: string, endpoint: Endpoint, connection: number): Present {
  return { id, endpoint, connection: connection === 0 ? undefined : connection };
}

/** UTF-8. Nearly every ID is digits: those are spared the encoder. */
function idBytes(id: string): Uint8Array {
  const bytes = new Uint8Array(id.length);
  for (let i = 0; i < id.length; i++) {
    const code = id.charCodeAt(i);
    if (code >= 0x80) return new TextEncoder().encode(id);
    bytes[i] = code;
  }
  return bytes;
}
