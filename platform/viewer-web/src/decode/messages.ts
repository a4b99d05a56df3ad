import type { Codec } from "@pulpit/protocol";
import type { EncodedUnit } from "@pulpit/viewer";

/** To the decoding worker. */
export type Order =
  | { readonly type: "decode"; readonly display: number; readonly codec: Codec; readonly units: readonly EncodedUnit[] }
  | { readonly type: "close" };

/** From the decoding worker. `passed`: as in DecodersEvents. */
export type Report =
  | { readonly type: "decoded"; readonly display: number; readonly frame: VideoFrame; readonly passed: number }
  | { readonly type: "dropped" | "failed"; readonly display: number }
  | { readonly type: "unsupported"; readonly codec: Codec };
