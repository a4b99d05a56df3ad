/** Pages at a time: tabs of one person. */
export const MAX_PAGES = 4;
/** Visits at a time; a page that tries again may not have closed the last one yet. */
export const MAX_VISITS = 16;
/** HTTP connections at a time: a browser takes six for itself. */
export const MAX_CONNECTIONS = 64;
/** Largest message of a session, bytes, as between viewer and host. */
export const MAX_MESSAGE: number = 16 * 1024 * 1024;
/** A page says within this what it wants, ms. */
export const WISH_WITHIN = 5_000;
