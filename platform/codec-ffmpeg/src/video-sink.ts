import type { Codec } from "@pulpit/protocol";
import type { EncodedUnit, VideoSink, VideoSinkEvents } from "@pulpit/viewer";
import { FfmpegDecoder, type RgbaPicture } from "./decoder.ts";

/** Pictures in a row that can't be decoded before the codec counts as unsupported. */
const MAX_FAILURES = 3;
/** Pictures that may wait here; a host that sends more than are acknowledged has to begin anew with a key frame. */
const MAX_PENDING = 60;

interface Waiting {
  readonly display: number;
  readonly codec: Codec;
  readonly units: readonly EncodedUnit[];
}

/** A sink for programs without a screen: each decoded picture goes to `onPicture`. */
export function ffmpegVideoSink(onPicture: (display: number, picture: RgbaPicture) => void): VideoSink {
  return new FfmpegVideoSink(onPicture);
}

class FfmpegVideoSink implements VideoSink {
  readonly #onPicture: (display: number, picture: RgbaPicture) => void;
  readonly #sizes = new Map<number, { readonly width: number; readonly height: number }>();
  #events: VideoSinkEvents | undefined;
  #current: { readonly display: number; readonly codec: Codec; readonly decoder: FfmpegDecoder } | undefined;
  #waiting: Waiting[] = [];
  #working = false;
  #waitForKey = true;
  #failures = 0;
  #closed = false;

  constructor(onPicture: (display: number, picture: RgbaPicture) => void) {
    this.#onPicture = onPicture;
  }

  async codecs(): Promise<readonly Codec[]> {
    return ["h264", "vp9", "av1", "vp8"];
  }

  start(events: VideoSinkEvents): void {
    this.#events = events;
  }

  resize(display: number, width: number, height: number): void {
    this.#sizes.set(display, { width, height });
  }

  decode(display: number, codec: Codec, units: readonly EncodedUnit[]): void {
    if (this.#closed) return;
    if (this.#waiting.length >= MAX_PENDING) {
      this.#waiting = [];
      this.#waitForKey = true;
      this.#events?.failed(display);
      return;
    }
    this.#waiting.push({ display, codec, units });
    if (!this.#working) void this.#work();
  }

  get pending(): number {
    return this.#waiting.length;
  }

  close(): void {
    this.#closed = true;
    this.#waiting = [];
    if (!this.#working) this.#free();
  }

  async #work(): Promise<void> {
    this.#working = true;
    // A picture waits until it is done with: it counts as pending while it is decoded.
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const report = await this.#show(next);
      if (this.#waiting[0] === next) this.#waiting.shift();
      report();
    }
    this.#working = false;
    if (this.#closed) this.#free();
  }

  /** What is to be reported once the picture no longer waits. */
  async #show({ display, codec, units }: Waiting): Promise<() => void> {
    const decoder = await this.#decoderFor(display, codec);
    if (this.#closed) return () => undefined;
    if (decoder === undefined) return () => this.#events?.unsupported(codec);
    let picture: RgbaPicture | undefined;
    let decoded = false;
    for (const { key, data } of units) {
      if (this.#waitForKey && !key) continue;
      this.#waitForKey = false;
      decoded = true;
      picture = decoder.decode(data) ?? picture;
    }
    if (!decoded) return () => this.#events?.dropped(display);
    if (picture === undefined || !this.#hasSize(display, picture)) return () => this.#failed(display, codec);
    this.#failures = 0;
    this.#onPicture(display, picture);
    return () => this.#events?.shown(display);
  }

  async #decoderFor(display: number, codec: Codec): Promise<FfmpegDecoder | undefined> {
    if (this.#current?.codec === codec && this.#current.display === display) return this.#current.decoder;
    this.#free();
    this.#waitForKey = true;
    const decoder = await FfmpegDecoder.open(codec);
    if (decoder !== undefined) this.#current = { display, codec, decoder };
    return decoder;
  }

  #hasSize(display: number, picture: RgbaPicture): boolean {
    const size = this.#sizes.get(display);
    return size === undefined || (picture.width === size.width && picture.height === size.height);
  }

  #failed(display: number, codec: Codec): void {
    this.#failures += 1;
    this.#waiting = [];
    this.#waitForKey = true;
    if (this.#failures < MAX_FAILURES) this.#events?.failed(display);
    else {
      this.#failures = 0;
      this.#events?.unsupported(codec);
    }
  }

  #free(): void {
    this.#current?.decoder.close();
    this.#current = undefined;
  }
}
