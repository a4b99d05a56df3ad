/** TCP is the system's, by the name of its congestion control; `channel` is WebRTC that stays on its data channel. */
export type Transport = "kcp" | "webrtc" | "channel" | "cubic" | "bbr";
/**
 * As much as goes through; pictures at a steady pace that nobody adapts; or a session of Pulpit, with its host and its
 * viewer, on a desktop that scrolls.
 */
export type Work = "bulk" | "pictures" | "session";

/** What an end is told. `peer`: address of the other end. */
export interface EndOrders {
  readonly transport: Transport;
  readonly work: Work;
  readonly sends: boolean;
  readonly peer: string;
  readonly seconds: number;
}

/** What the receiving end saw. `median` and `most` (95 of 100): time on the way of a picture, ms; 0 without pictures. */
export interface Seen {
  readonly bytesPerSecond: number;
  readonly pictures: number;
  readonly median: number;
  readonly most: number;
}
