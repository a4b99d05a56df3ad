import type { Rect } from "@pulpit/host";
import type { Codec } from "@pulpit/protocol";

/** What a video worker is started with. */
export interface WorkerTask {
  /** X display and the monitor inside it. */
  readonly display: string;
  readonly area: Rect;
  readonly codec: Codec;
  readonly kbps: number;
  readonly framesPerSecond: number;
}

/** To the worker. */
export type Order =
  | { readonly type: "allow"; readonly pictures: number }
  | { readonly type: "key" }
  | { readonly type: "bitrate"; readonly kbps: number }
  | { readonly type: "rate"; readonly framesPerSecond: number }
  | { readonly type: "hurry" }
  | { readonly type: "close" };

/** From the worker. */
export type Report =
  | { readonly type: "ready"; readonly width: number; readonly height: number }
  | { readonly type: "picture"; readonly data: Uint8Array; readonly key: boolean; readonly pts: number }
  | { readonly type: "failed"; readonly message: string };
