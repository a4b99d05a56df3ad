import type { Codec } from "@pulpit/protocol";
import type { Rect } from "./desktop.ts";

/** A picture, planar 4:2:0, BT.601 limited range (docs/protocol/media.md, section 2.3). */
export interface I420 {
  readonly width: number;
  readonly height: number;
  readonly y: Uint8Array;
  readonly u: Uint8Array;
  readonly v: Uint8Array;
  /** Bytes per row of `y`, and of `u` and `v`. */
  readonly strideY: number;
  readonly strideUV: number;
}

/** One access unit that an encoder put out. */
export interface EncodedPicture {
  readonly data: Uint8Array;
  /** Decoding can start here. */
  readonly key: boolean;
  /** Milliseconds since the encoder started. */
  readonly pts: number;
  /** What changed is as sharp in it as it would ever become: nothing is left to refine. */
  readonly sharp?: boolean;
}

/** A running encoder of one stream: a picture in, a picture out, no delay. */
export interface Encoder {
  readonly codec: Codec;
  /**
   * `changed`: where the picture differs from the previous one; an encoder with an active map encodes only
   * there. Empty means everywhere (refinement). Undefined when the encoder chose to drop the picture.
   */
  encode(
    picture: I420,
    options: { readonly key: boolean; readonly pts: number; readonly changed: readonly Rect[] },
  ): EncodedPicture | undefined;
  /** Target, kbit/s; takes effect without a key frame where the encoder can. */
  setBitrate(kbps: number): void;
  close(): void;
}

export interface EncoderOptions {
  readonly width: number;
  readonly height: number;
  /** Target, kbit/s. */
  readonly kbps: number;
  readonly framesPerSecond: number;
}

/** A way to encode one codec. */
export interface EncoderBackend {
  readonly name: string;
  readonly codec: Codec;
  /** False when the machine lacks what it needs. Cheap, no side effects. */
  suits(): Promise<boolean>;
  open(options: EncoderOptions): Promise<Encoder>;
}
