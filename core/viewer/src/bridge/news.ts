import type { Path } from "@pulpit/link";
import type { Reached } from "../reach.ts";
import type { End, EndCode, WayName, WayReport } from "../state.ts";
import { objectIn } from "./wish.ts";

/** A host that was reached, without its link: what comes next on the connection is the session's. */
export interface BridgeReached {
  readonly type: "reached";
  readonly name: string;
  readonly hostId: string;
  readonly encrypted: boolean;
  /** The host's key, lower-case hex; undefined where it has proved none. */
  readonly hostKey?: string;
  /** How the program's own link reaches the host. */
  readonly path: Path;
  readonly ways: readonly WayReport[];
}

/** What the program beside a page tells it while it reaches a host. */
export type BridgeNews =
  | { readonly type: "found"; readonly trying: readonly WayName[] }
  | { readonly type: "up" }
  | BridgeReached
  | { readonly type: "ended"; readonly end: End };

const WORD = /^[a-z0-9-]{1,32}$/;
const MAX_WAYS = 16;
const MAX_TEXT = 512;
const TRANSPORTS: readonly unknown[] = ["tcp", "websocket", "kcp", "webrtc", "memory"];
const ROUTES: readonly unknown[] = ["direct", "relay", "server"];

/** A host that was reached, as its page hears of it. */
export function bridgeReached({ link, name, hostId, hostKey, encrypted, ways }: Reached): BridgeReached {
  const key = hostKey === undefined ? {} : { hostKey: hexOf(hostKey) };
  return { type: "reached", name, hostId, encrypted, ...key, path: link.path, ways };
}

/** Undefined for what is none. */
export function bridgeNewsIn(text: string): BridgeNews | undefined {
  const message = objectIn(text);
  switch (message.type) {
    case "found":
      return wordsIn(message.trying) ? { type: "found", trying: message.trying as WayName[] } : undefined;
    case "up":
      return { type: "up" };
    case "ended":
      return endedIn(message.end);
    case "reached":
      return reachedIn(message);
    default:
      return undefined;
  }
}

function endedIn(value: unknown): BridgeNews | undefined {
  const { code, detail, pinned, offered } = membersOf(value);
  const texts = { detail, pinned, offered };
  if (!isWord(code) || !Object.values(texts).every((text) => text === undefined || isText(text))) return undefined;
  const given = Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== undefined));
  return { type: "ended", end: { code: code as EndCode, ...given } };
}

function reachedIn(message: Readonly<Record<string, unknown>>): BridgeNews | undefined {
  const { name, hostId, encrypted, hostKey, ways } = message;
  const { transport, route, remote } = membersOf(message.path);
  if (!isWord(name) || !isText(hostId) || typeof encrypted !== "boolean") return undefined;
  if (!TRANSPORTS.includes(transport) || !ROUTES.includes(route) || !isText(remote)) return undefined;
  if (!Array.isArray(ways) || ways.length > MAX_WAYS || !ways.every(isReport)) return undefined;
  const path = { transport, route, remote } as Path;
  const known = { type: "reached" as const, name, hostId, encrypted, path, ways };
  if (hostKey === undefined) return encrypted ? undefined : known;
  return typeof hostKey === "string" && /^[0-9a-f]{64}$/.test(hostKey) ? { ...known, hostKey } : undefined;
}

function isReport(value: unknown): value is WayReport {
  const { name, outcome, failure } = membersOf(value);
  return isWord(name) && isWord(outcome) && (failure === undefined || isWord(failure));
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function wordsIn(value: unknown): boolean {
  return Array.isArray(value) && value.length <= MAX_WAYS && value.every(isWord);
}

function isWord(value: unknown): value is string {
  return typeof value === "string" && WORD.test(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.length <= MAX_TEXT;
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
