import type { Codec } from "@pulpit/protocol";
import type { EncodedUnit } from "@pulpit/viewer";

/** To the decoding worker. */
export type Order =
  | { readonly type: "start"; readonly canvas: OffscreenCanvas }
  | { readonly type: "resize"; readonly display: number; readonly width: number; readonly height: number }
  | { readonly type: "decode"; readonly display: number; readonly codec: Codec; readonly units: readonly EncodedUnit[] }
  | { readonly type: "close" };

/** From the decoding worker. */
export type Report =
  | { readonly type: "shown" | "dropped" | "failed"; readonly display: number }
  | { readonly type: "unsupported"; readonly codec: Codec };
