import type { Codec } from "@pulpit/protocol";

/** One access unit as it came from the host. */
export interface EncodedUnit {
  readonly data: Uint8Array;
  readonly key: boolean;
  /** Milliseconds since the host's encoder started. */
  readonly pts: number;
}

/** What a sink reports back. */
export interface VideoSinkEvents {
  /** A picture is visible now. `display`: its number. */
  shown(display: number): void;
  /** A picture given to `decode` will never be shown: it needs what is missing. */
  dropped(display: number): void;
  /** Decoding failed, nothing is pending any more; the viewer asks the host for a key frame. */
  failed(display: number): void;
  /** This codec can't be decoded after all; the viewer stops offering it. */
  unsupported(codec: Codec): void;
}

/** Decodes and shows pictures. Port: WebCodecs and a canvas in a browser, FFmpeg in Node. */
export interface VideoSink {
  /** What can be decoded here, best first; asked once, before login. */
  codecs(): Promise<readonly Codec[]>;
  start(events: VideoSinkEvents): void;
  /** Size the next pictures of a display have; pictures of another size are not shown. */
  resize(display: number, width: number, height: number): void;
  /** Units of one picture, in order. Never blocks; a sink that is behind drops and reports `failed`. */
  decode(display: number, codec: Codec, units: readonly EncodedUnit[]): void;
  /** Pictures given to `decode` and not yet shown. */
  readonly pending: number;
  close(): void;
}
