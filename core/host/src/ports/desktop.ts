import type { CursorWatch } from "./cursor.ts";
import type { Input } from "./input.ts";
import type { VideoSource } from "./video-source.ts";

/** A rectangle in pixels. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** One monitor. Position and size are host desktop coordinates, physical pixels (docs/protocol/media.md, section 6.1). */
export interface Display extends Rect {
  /** System name of the output. */
  readonly name: string;
  readonly primary: boolean;
}

/** Everything a host may do to the machine it runs on. An absent ability is announced as absent. */
export interface Desktop extends AsyncDisposable {
  /** `Linux`, `Windows` or `Mac OS`: the platform whose key position codes `input` takes. */
  readonly platform: "Linux" | "Windows" | "Mac OS";
  readonly hostname: string;
  /** Name of the person logged in at the machine; empty when nobody is. */
  readonly username: string;
  /** Monitors now, at least one; the index is the display's number on the wire. */
  displays(): readonly Display[];
  /** Calls back whenever `displays` answers differently; returns its cancellation. */
  onDisplaysChanged(listener: () => void): () => void;
  readonly video: VideoSource;
  readonly input?: Input;
  readonly cursor?: CursorWatch;
}

/** A way to reach a desktop; the host takes the first that suits. */
export interface Backend {
  readonly name: string;
  suits(): Promise<boolean>;
  open(): Promise<Desktop>;
}
