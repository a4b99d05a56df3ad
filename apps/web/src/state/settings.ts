import type { ViewerIdentity } from "@pulpit/viewer";

const NAME = "pulpit.name";
const ID = "pulpit.viewer-id";
const RELAY_ONLY = "pulpit.relay-only";
const MAX_NAME = 64;

export function readName(storage: Storage): string {
  return (storage.getItem(NAME) ?? "").slice(0, MAX_NAME);
}

export function saveName(storage: Storage, name: string): void {
  storage.setItem(NAME, name.slice(0, MAX_NAME));
}

/** Whether hosts are met on the relay only. */
export function readRelayOnly(storage: Storage): boolean {
  return storage.getItem(RELAY_ONLY) === "yes";
}

export function saveRelayOnly(storage: Storage, on: boolean): void {
  if (on) storage.setItem(RELAY_ONLY, "yes");
  else storage.removeItem(RELAY_ONLY);
}

/** Who looks from this browser, as hosts see it. The ID is made up once and says nothing about the machine. */
export function viewerIdentity(storage: Storage, platform: string): ViewerIdentity {
  let id = storage.getItem(ID);
  if (id === null || !/^web-\d{9}$/.test(id)) {
    const number = crypto.getRandomValues(new Uint32Array(1))[0] as number;
    id = `web-${100_000_000 + (number % 900_000_000)}`;
    storage.setItem(ID, id);
  }
  return { id, name: readName(storage) || "Web", platform };
}

/** The operating system under this browser, in the words of the wire (docs/protocol/messages.md, section 3). */
export function browserPlatform(userAgent: string): string {
  if (/Android/.test(userAgent)) return "Android";
  if (/iPhone|iPad/.test(userAgent)) return "iOS";
  if (/Windows/.test(userAgent)) return "Windows";
  return /Mac OS/.test(userAgent) ? "Mac OS" : "Linux";
}
