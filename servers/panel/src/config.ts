export interface PanelConfig {
  /** Folder with the built page. */
  readonly root: string;
  /** Of 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  /**
   * `own`: other users of this computer are turned away, where the system can tell them apart (Linux). `any`: whoever
   * has a link gets in.
   */
  readonly users: "own" | "any";
}

/** Files of the page. */
export const MAX_FILES = 500;
/** … and their bytes, all together: they are kept in memory. */
export const MAX_SITE_BYTES: number = 32 * 1024 * 1024;
/** HTTP connections at a time; a browser has six and each page one more. */
export const MAX_CONNECTIONS = 64;
/** … of them from other users, who get nothing but a refusal. */
export const MAX_STRANGERS = 8;
/** Pages that are in at a time. */
export const MAX_PAGES = 8;
/** WebSockets at a time that have not said yet what lets them in. */
export const MAX_WAITING = 8;
/** A page has to say it within this, ms. */
export const OPENING_WITHIN = 5_000;
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
/** Links that have not been used yet; beyond it the oldest no longer holds. */
export const MAX_LINKS = 16;
/** A link holds this long, ms: a browser has to start in it. */
export const LINK_LIFETIME = 60_000;
/** Keys of pages that are or were in; beyond it the one not used for longest is forgotten. */
export const MAX_KEYS = 16;
/** Wrong tokens and keys before nobody is let in for a while. */
export const MAX_WRONG = 20;
/** The first pause after that, ms; each further wrong one doubles it … */
export const FIRST_PAUSE = 1_000;
/** … up to this, ms. */
export const LONGEST_PAUSE = 300_000;
/** A page that is closed has this long to say goodbye, ms. */
export const PARTING_WITHIN = 1_000;
