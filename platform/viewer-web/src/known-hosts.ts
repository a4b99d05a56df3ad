import type { DeviceSecrets, KnownHosts } from "@pulpit/viewer";
import { boundedName, type KnownHostRecord, parseRecord, recordText, sameKey } from "./known-host-record.ts";

const PREFIX = "pulpit.known-host.";

/** A host that was visited from this browser, to be shown. */
export interface KnownComputer {
  /** Of the ID server that vouched for it, base64. */
  readonly serverKey: string;
  readonly hostId: string;
  /** 32 bytes. */
  readonly key: Uint8Array;
  /** What the person here calls it; empty: nothing. */
  readonly name: string;
  /** Unix time in milliseconds. */
  readonly firstSeen?: number;
  /** It trusts this browser and asks for no second factor. */
  readonly trustsUs: boolean;
}

/** Hosts seen before, in this browser: the key of each, a name for it, and what this browser is trusted by. */
export class BrowserKnownHosts implements KnownHosts {
  readonly deviceSecrets: DeviceSecrets;
  readonly #storage: Storage;
  readonly #now: () => number;
  /** What a full or forbidden storage did not take counts until the page is left. */
  readonly #unsaved = new Map<string, KnownHostRecord>();

  /** `now`: Unix time in milliseconds. */
  constructor(storage: Storage = globalThis.localStorage, now: () => number = Date.now) {
    this.#storage = storage;
    this.#now = now;
    this.deviceSecrets = {
      get: (serverKey, hostId) => this.#read(placeOf(serverKey, hostId))?.deviceSecret,
      set: (serverKey, hostId, deviceSecret) => this.#change(serverKey, hostId, { deviceSecret }),
      forget: (serverKey, hostId) => {
        const record = this.#read(placeOf(serverKey, hostId));
        if (record !== undefined) this.#write(placeOf(serverKey, hostId), withoutSecret(record));
      },
    };
  }

  async get(serverKey: string, hostId: string): Promise<Uint8Array | undefined> {
    return this.#read(placeOf(serverKey, hostId))?.key;
  }

  /** A new key keeps the name, but neither the time of the old one nor the trust: it may be another computer. */
  async set(serverKey: string, hostId: string, key: Uint8Array): Promise<void> {
    const place = placeOf(serverKey, hostId);
    const before = this.#read(place);
    if (before !== undefined && sameKey(before.key, key)) return;
    this.#write(place, { key, firstSeen: this.#now(), name: before?.name ?? "" });
  }

  /** All of them, by name and ID. */
  list(): readonly KnownComputer[] {
    const places = Array.from({ length: this.#storage.length }, (_, index) => this.#storage.key(index) ?? "");
    return [...new Set([...places, ...this.#unsaved.keys()])]
      .flatMap((place) => this.#shown(place))
      .toSorted((a, b) => (a.name || a.hostId).localeCompare(b.name || b.hostId));
  }

  /** What the person here calls it; empty when they do not. */
  nameOf(serverKey: string, hostId: string): string {
    return this.#read(placeOf(serverKey, hostId))?.name ?? "";
  }

  /** An empty name takes the old one away. */
  rename(serverKey: string, hostId: string, name: string): void {
    this.#change(serverKey, hostId, { name: boundedName(name) });
  }

  /** Key, name and trust: the next visit is the first one. */
  forget(serverKey: string, hostId: string): void {
    const place = placeOf(serverKey, hostId);
    this.#unsaved.delete(place);
    this.#storage.removeItem(place);
  }

  #shown(place: string): KnownComputer[] {
    const at = /^(\S+) (\S+)$/.exec(place.startsWith(PREFIX) ? place.slice(PREFIX.length) : "");
    const record = at === null ? undefined : this.#read(place);
    if (at === null || record === undefined) return [];
    const [, serverKey = "", hostId = ""] = at;
    const { key, name, firstSeen, deviceSecret } = record;
    const when = firstSeen === undefined ? {} : { firstSeen };
    return [{ serverKey, hostId, key, name, ...when, trustsUs: deviceSecret !== undefined }];
  }

  #read(place: string): KnownHostRecord | undefined {
    return this.#unsaved.get(place) ?? parseRecord(this.#storage.getItem(place));
  }

  #change(serverKey: string, hostId: string, change: Partial<KnownHostRecord>): void {
    const place = placeOf(serverKey, hostId);
    const record = this.#read(place);
    if (record !== undefined) this.#write(place, { ...record, ...change });
  }

  #write(place: string, record: KnownHostRecord): void {
    try {
      this.#storage.setItem(place, recordText(record));
      this.#unsaved.delete(place);
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      this.#unsaved.set(place, record);
    }
  }
}

function placeOf(serverKey: string, hostId: string): string {
  return `${PREFIX}${serverKey} ${hostId}`;
}

function withoutSecret({ deviceSecret: _, ...record }: KnownHostRecord): KnownHostRecord {
  return record;
}
