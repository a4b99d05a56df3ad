import type { KnownHosts } from "@pulpit/viewer";

const PREFIX = "pulpit.known-host.";

/** Keys of hosts seen before, in this browser: one for each host that the person here has visited. */
export function browserKnownHosts(storage: Storage = globalThis.localStorage): KnownHosts {
  const name = (serverKey: string, hostId: string): string => `${PREFIX}${serverKey} ${hostId}`;
  return {
    async get(serverKey, hostId) {
      const text = storage.getItem(name(serverKey, hostId));
      return text === null ? undefined : Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    },
    async set(serverKey, hostId, key) {
      storage.setItem(name(serverKey, hostId), btoa(String.fromCharCode(...key)));
    },
  };
}
