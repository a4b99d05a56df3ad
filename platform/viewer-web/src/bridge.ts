// For pages that a program of this computer serves.
import type { KnownHosts } from "@pulpit/viewer";

export { bridgeAddress, bridgeReach } from "./bridge-reach.ts";

/** The program remembers hosts; a page would forget them with its port. */
export const noKnownHosts: KnownHosts = {
  get: async () => undefined,
  set: async () => undefined,
};
