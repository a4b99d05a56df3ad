import type { KnownHosts } from "@pulpit/viewer";
import { base64, fromBase64 } from "./base64.ts";
import type { ProfileFolder } from "./folder.ts";

const FILE = "known-hosts.json";
/** Hosts remembered; whoever has more forgets some first. */
const MAX_HOSTS = 10_000;
/** Characters of a name; the rest is left out. */
const MAX_NAME = 100;

/** A host whose key is remembered. */
export interface KnownHost {
  /** Public key of its ID server, base64. */
  readonly serverKey: string;
  readonly hostId: string;
  /** Ed25519, 32 bytes. */
  readonly key: Uint8Array;
  /** What the owner of this profile calls it; empty when there is no name. */
  readonly name: string;
}

/** Keys of hosts seen before, with names, and what to do about them. */
export interface KnownHostList extends KnownHosts {
  /** All of them, by server and ID. */
  list(): Promise<readonly KnownHost[]>;
  /** The next visit is a first one again. False when there was nothing to forget. */
  forget(serverKey: string, hostId: string): Promise<boolean>;
  /** False when the host is not known. */
  rename(serverKey: string, hostId: string, name: string): Promise<boolean>;
}

/** As it is in the file; before there were names, the key alone. */
type Stored = string | { readonly key: string; readonly name: string };

/**
 * Keys of hosts seen before, in `known-hosts.json` of the profile. Rejects with ProfileError when the file is damaged:
 * a key that can't be read must not make a first visit of the next one.
 */
export function knownHostsIn(folder: ProfileFolder): KnownHostList {
  const all = (): Map<string, Stored> => {
    const file = folder.read(FILE) ?? {};
    if (typeof file !== "object" || Array.isArray(file)) throw folder.damaged(FILE);
    return new Map(Object.entries(file as Record<string, Stored>));
  };
  const entry = (place: string, stored: Stored): KnownHost => {
    const { key, name } = typeof stored === "string" ? { key: stored, name: "" } : (stored ?? {});
    const bytes = fromBase64(key, 32);
    if (bytes === undefined || typeof name !== "string") throw folder.damaged(FILE);
    const space = place.indexOf(" ");
    return { serverKey: place.slice(0, space), hostId: place.slice(space + 1), key: bytes, name };
  };
  const find = (serverKey: string, hostId: string): KnownHost | undefined => {
    const place = placeOf(serverKey, hostId);
    const stored = all().get(place);
    return stored === undefined ? undefined : entry(place, stored);
  };
  const put = ({ serverKey, hostId, key, name }: KnownHost): void => {
    const hosts = all().set(placeOf(serverKey, hostId), { key: base64(key), name });
    if (hosts.size > MAX_HOSTS) throw new RangeError("too many hosts are remembered; forget some");
    folder.write(FILE, Object.fromEntries(hosts));
  };
  return {
    async get(serverKey, hostId) {
      return find(serverKey, hostId)?.key;
    },
    async set(serverKey, hostId, key) {
      put({ serverKey, hostId, key, name: find(serverKey, hostId)?.name ?? "" });
    },
    async list() {
      return [...all()].map(([place, stored]) => entry(place, stored)).sort(byServerAndId);
    },
    async forget(serverKey, hostId) {
      const hosts = all();
      if (!hosts.delete(placeOf(serverKey, hostId))) return false;
      folder.write(FILE, Object.fromEntries(hosts));
      return true;
    },
    async rename(serverKey, hostId, name) {
      const host = find(serverKey, hostId);
      if (host === undefined) return false;
      put({ ...host, name: name.slice(0, MAX_NAME) });
      return true;
    },
  };
}

/** Server keys are base64 and have no spaces. */
function placeOf(serverKey: string, hostId: string): string {
  return `${serverKey} ${hostId}`;
}

function byServerAndId(a: KnownHost, b: KnownHost): number {
  return a.serverKey.localeCompare(b.serverKey) || a.hostId.localeCompare(b.hostId);
}
