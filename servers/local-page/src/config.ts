export interface LocalPageConfig {
  /** Folder with the built page. */
  readonly root: string;
  /** Of 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  /**
   * `own`: other users of this computer are turned away, where the system can tell them apart (Linux). `any`: whoever
   * has a link gets in.
   */
  readonly users: "own" | "any";
  /** HTTP connections at a time. */
  readonly maxConnections: number;
  /** Directives of the content security policy beyond a page of nothing but its own files, or instead of its own. */
  readonly policy?: Readonly<Record<string, string>>;
  /** More JSON files beside those of the folder, or instead of them, by their paths: `/config.json`. */
  readonly json?: Readonly<Record<string, unknown>>;
  /** The page finds its way by paths of its own: one that names no file gets the page. By default it gets 404. */
  readonly fallback?: boolean;
}

/** Files of a page. */
export const MAX_FILES = 500;
/** … and their bytes, all together: they are kept in memory. */
export const MAX_SITE_BYTES: number = 32 * 1024 * 1024;
/** HTTP connections of other users at a time, who get nothing but a refusal. */
export const MAX_STRANGERS = 8;
/** WebSockets at a time that have not said yet what lets them in. */
export const MAX_WAITING = 8;
/** A page has to say it within this, ms. */
export const OPENING_WITHIN = 5_000;
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
