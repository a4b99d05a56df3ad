/** Connections at a time; one person needs one. */
export const MAX_CONNECTIONS = 16;
/** Longest question, bytes. */
export const MAX_QUESTION: number = 64 * 1024;
/** Longest answer, bytes: a page of devices or a report on an import. */
export const MAX_ANSWER: number = 16 * 1024 * 1024;
/** A connection on which nothing is asked is closed, ms. */
export const IDLE_LIMIT = 30_000;
/** An answer has to come within this, ms: an import of many devices takes its time. */
export const ANSWER_WITHIN = 60_000;
/** Longest path of a Unix socket, bytes, as Linux and macOS have it. */
export const MAX_PATH: number = process.platform === "darwin" ? 103 : 107;
/** Items in one answer. */
export const MAX_PAGE = 1_000;
/** Addresses in one question. */
export const MAX_ADDRESSES = 1_000;
