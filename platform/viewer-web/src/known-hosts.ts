import type { KnownHosts } from "@pulpit/viewer";

const PREFIX = "pulpit.known-host.";
/** Ed25519 public key. */
const KEY_BYTES = 32;

/** Keys of hosts seen before, in this browser: one for each host that the person here has visited. */
export function browserKnownHosts(storage: Storage = globalThis.localStorage): KnownHosts {
  const name = (serverKey: string, hostId: string): string => `${PREFIX}${serverKey} ${hostId}`;
  /** What a full or forbidden storage did not take counts until the page is left. */
  const unsaved = new Map<string, Uint8Array>();
  return {
    async get(serverKey, hostId) {
      const at = name(serverKey, hostId);
      return unsaved.get(at) ?? keyOf(storage.getItem(at));
    },
    async set(serverKey, hostId, key) {
      const at = name(serverKey, hostId);
      try {
        storage.setItem(at, btoa(String.fromCharCode(...key)));
        unsaved.delete(at);
      } catch (error) {
        if (!(error instanceof DOMException)) throw error;
        unsaved.set(at, key);
      }
    },
  };
}

/** Undefined when it is not a key: then there is nothing to compare with, as on the first visit. */
function keyOf(text: string | null): Uint8Array | undefined {
  if (text === null || !/^[A-Za-z0-9+/]{43}=$/.test(text)) return undefined;
  const key = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  return key.length === KEY_BYTES ? key : undefined;
}
