import type { KnownHosts } from "@pulpit/viewer";
import type { ProfileFolder } from "./folder.ts";

const FILE = "known-hosts.json";

/** Keys of hosts seen before, in the profile. */
export function knownHostsIn(folder: ProfileFolder): KnownHosts {
  const all = (): Record<string, string> => (folder.read(FILE) ?? {}) as Record<string, string>;
  const name = (serverKey: string, hostId: string): string => `${serverKey} ${hostId}`;
  return {
    async get(serverKey, hostId) {
      const text = all()[name(serverKey, hostId)];
      return text === undefined ? undefined : new Uint8Array(Buffer.from(text, "base64"));
    },
    async set(serverKey, hostId, key) {
      folder.write(FILE, { ...all(), [name(serverKey, hostId)]: Buffer.from(key).toString("base64") });
    },
  };
}
