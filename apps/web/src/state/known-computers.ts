import { BrowserKnownHosts } from "@pulpit/viewer-web/known-hosts";

/** What the person here calls a computer; empty when they do not, or do not know it. */
export function ownName(serverKey: string, hostId: string): string {
  return new BrowserKnownHosts().nameOf(serverKey, hostId);
}
