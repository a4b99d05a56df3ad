import type { RefusalCode } from "./refusal.ts";
import type { HostView } from "./view.ts";

/**
 * What goes over the WebSocket between the host's page and the host: JSON, one object a message. The page begins
 * with what lets it in: the token of a link, which holds once, or the key that an earlier one was exchanged for.
 */
export type PageOpening = { readonly token: string } | { readonly key: string };

/** A command with its arguments beside it; `number` comes back with the answer. */
export interface PageCommand {
  readonly number: number;
  readonly question: string;
}

export type PageMessage =
  /** The page is in. `key` lets this tab in again after a reload, as long as the host runs. */
  | { readonly type: "welcome"; readonly key: string }
  /** Sent after the welcome and whenever something has changed. */
  | { readonly type: "view"; readonly view: HostView }
  | { readonly type: "answer"; readonly number: number; readonly answer: unknown }
  | {
      readonly type: "refusal";
      readonly number: number;
      readonly code: RefusalCode | "bad-question" | "broken";
      readonly detail?: string;
    };

/** Close codes of that WebSocket. */
export const PageClose = {
  /** Neither token nor key holds: the page has to be opened anew (`pulpit host panel`). */
  notLetIn: 4401,
  /** The host ends. */
  hostStopped: 4410,
  tooMany: 4429,
} as const;

/** Where the WebSocket is. */
export const PAGE_CHANNEL_PATH = "/channel";
