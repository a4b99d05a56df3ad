/** Largest message of a peer before anybody asked for another limit, bytes. */
export const LIMIT: number = 64 * 1024;
