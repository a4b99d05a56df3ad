// What both ends have to agree on, or be able to bear (docs/protocol/wire.md, section 5.4).

/** Largest datagram below the session header, bytes. */
export const MTU = 1200;
/** Bytes of a segment before its data. */
export const SEGMENT_HEADER = 24;
/** Most data in one segment, bytes. */
export const MAX_SEGMENT_DATA: number = MTU - SEGMENT_HEADER;
/** Segments on their way, or waiting for one that is missing. A power of two: it is also the size of the rings. */
export const WINDOW = 1024;
/** What a peer is believed to have room for before it says so, segments. */
export const FIRST_REMOTE_WINDOW = 128;
/** How often stock looks at its timers, ms: an acknowledgement may come this much late. */
export const INTERVAL = 10;
/** Resent when this many later acknowledgements have passed it by. */
export const FAST_RESEND = 2;
/** A segment sent more often than this waits for its timeout. */
export const FAST_RESEND_LIMIT = 5;
/** Resending timeout before the first measurement, and its bounds, ms. */
export const FIRST_TIMEOUT = 200;
export const MIN_TIMEOUT = 30;
export const MAX_TIMEOUT = 60_000;
/**
 * A peer without room is asked again after this, then after half as long again each time, up to the second, ms. Stock
 * begins with 7 s: when the word that there is room gets lost, nothing happens for as long.
 */
export const FIRST_WINDOW_PROBE = 500;
export const MAX_WINDOW_PROBE = 120_000;
