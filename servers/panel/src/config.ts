import type { LocalPageConfig } from "@pulpit/local-page";

/** Where the host's page is and who may see it. */
export type PanelConfig = Pick<LocalPageConfig, "root" | "port" | "users">;

/** HTTP connections at a time; a browser has six and each page one more. */
export const MAX_CONNECTIONS = 64;
/** Pages that are in at a time. */
export const MAX_PAGES = 8;
/** Longest message of a page, bytes. */
export const MAX_MESSAGE: number = 64 * 1024;
/** Commands of a page in a second … */
export const COMMANDS_PER_SECOND = 50;
/** … and at once; no hand is faster. */
export const COMMANDS_AT_ONCE = 100;
/** Commands of a page that wait for the one before them. */
export const MAX_QUEUED = 100;
/** A page that leaves more than this unread is closed, bytes. */
export const MAX_UNREAD: number = 1024 * 1024;
