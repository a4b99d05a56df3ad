import type { ViewerIdentity } from "../viewer.ts";
import { objectIn } from "./wish.ts";

/** What a page learns from the program that serves it once it is in. */
export interface BridgeGreeting {
  /** Lets this page in again: after a reload, and for each visit. */
  readonly key: string;
  /** Whom it is there for: an ID or an address, as people write it. */
  readonly name: string;
  /** A link brought the person there: they have to say yes before anything is connected. */
  readonly ask: boolean;
  /** Who looks, as the host is told. */
  readonly identity: ViewerIdentity;
}

/** Paths of the two WebSockets: one for as long as the page is open, and one for each visit. */
export const BRIDGE_PATHS = { page: "/bridge/page", visit: "/bridge/visit" } as const;

/** Close codes of both. */
export const BridgeClose = {
  /** Neither token nor key lets in. */
  notLetIn: 4001,
  tooMany: 4002,
  /** The program has ended. */
  over: 4003,
} as const;

const MAX_TEXT = 512;

/** Undefined for what is none. */
export function bridgeGreetingIn(text: string): BridgeGreeting | undefined {
  const { key, name, ask, identity } = objectIn(text);
  const { id, name: own, platform } = objectOf(identity);
  const texts = [key, name, id, own, platform];
  if (!texts.every((value) => typeof value === "string" && value.length <= MAX_TEXT)) return undefined;
  return { key, name, ask: ask === true, identity: { id, name: own, platform } } as BridgeGreeting;
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
