import type { Codec } from "@pulpit/protocol";
import type { EncodedPicture } from "./encoder.ts";

export interface VideoOptions {
  /** Index of the display. */
  readonly display: number;
  readonly codec: Codec;
  /** Target, kbit/s. */
  readonly kbps: number;
  /** Upper bound of pictures per second. */
  readonly framesPerSecond: number;
  /** Called for each picture, in order; the first one is a key frame. */
  readonly onPicture: (picture: EncodedPicture) => void;
  /** Called once when the stream can't go on (display gone, encoder broken); nothing follows. */
  readonly onFailed: (error: Error) => void;
}

/** Pictures of one display for one viewer; made only while something changes and pictures are allowed. */
export interface VideoStream extends AsyncDisposable {
  /** Size of the pictures; never changes (a resized display fails the stream). */
  readonly width: number;
  readonly height: number;
  /** Pictures the stream may put out from now on without being allowed more; newest wins while it waits. */
  allow(pictures: number): void;
  /** The next picture is a key frame, and comes even when nothing changed. */
  requestKey(): void;
  setBitrate(kbps: number): void;
  setFrameRate(framesPerSecond: number): void;
  /** The viewer did something: what comes of it within a moment need not wait for the next turn of the frame rate. */
  hurry(): void;
}

/** Where the pictures of this machine come from. */
export interface VideoSource {
  /** What can be encoded here; never empty. */
  readonly codecs: readonly Codec[];
  open(options: VideoOptions): Promise<VideoStream>;
}
