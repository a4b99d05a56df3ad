import type { Codec } from "@pulpit/protocol";
import type { EncodedUnit, VideoSink, VideoSinkEvents } from "@pulpit/viewer";
import { FfmpegDecoder, type RgbaPicture } from "./decoder.ts";

/** Decoders in a row that give no picture before the codec counts as unsupported. */
const MAX_FAILURES = 3;

/** A sink for programs without a screen: each decoded picture goes to `onPicture`. */
export function ffmpegVideoSink(onPicture: (display: number, picture: RgbaPicture) => void): VideoSink {
  const sizes = new Map<number, { width: number; height: number }>();
  let events: VideoSinkEvents | undefined;
  let current: { readonly display: number; readonly codec: Codec; readonly decoder: FfmpegDecoder } | undefined;
  let queue: Promise<void> = Promise.resolve();
  let pending = 0;
  let failures = 0;
  let waitForKey = true;
  let closed = false;

  async function show(display: number, codec: Codec, units: readonly EncodedUnit[]): Promise<void> {
    if (closed) return;
    let shown = false;
    if (current?.codec !== codec || current.display !== display) {
      current?.decoder.close();
      current = undefined;
      const decoder = await FfmpegDecoder.open(codec);
      if (decoder === undefined) {
        events?.unsupported(codec);
        return;
      }
      current = { display, codec, decoder };
      waitForKey = true;
    }
    for (const unit of units) {
      if (waitForKey && !unit.key) continue;
      waitForKey = false;
      const picture = current.decoder.decode(unit.data);
      const size = sizes.get(display);
      const expected = size === undefined || (picture?.width === size.width && picture.height === size.height);
      if (picture !== undefined && expected) {
        failures = 0;
        onPicture(display, picture);
        events?.shown(display);
        shown = true;
      } else failed(display, codec);
    }
    if (!shown) events?.dropped(display);
  }

  function failed(display: number, codec: Codec): void {
    failures += 1;
    waitForKey = true;
    if (failures >= MAX_FAILURES) events?.unsupported(codec);
    else events?.failed(display);
  }

  return {
    codecs: async () => ["h264", "vp9", "av1", "vp8"],
    start(given) {
      events = given;
    },
    resize(display, width, height) {
      sizes.set(display, { width, height });
    },
    decode(display, codec, units) {
      pending += 1;
      queue = queue
        .then(() => show(display, codec, units))
        .finally(() => {
          pending -= 1;
        });
    },
    get pending() {
      return pending;
    },
    close() {
      closed = true;
      queue = queue.then(() => current?.decoder.close());
    },
  };
}
