import type { Codec } from "@pulpit/protocol";
import type { PeerMessageInit, VideoFrame } from "@pulpit/wire";
import type { EncodedUnit, VideoSink } from "../ports/video-sink.ts";

/** Undecoded pictures a sink may hold before acknowledgements wait for it. */
const EARLY_ACKNOWLEDGEMENTS = 2;
/** Units in one frame message; more is not a picture. */
const MAX_UNITS = 16;
/** A new key frame is asked for at most this often, ms. */
const REFRESH_EVERY = 1000;

const CODEC_OF = {
  vp8s: "vp8",
  vp9s: "vp9",
  av1s: "av1",
  h264s: "h264",
  h265s: "h265",
} as const;

function unitsOf(frame: VideoFrame): { codec: Codec; units: readonly EncodedUnit[] } | undefined {
  const { union } = frame;
  if (union.case === undefined || union.case === "rgb" || union.case === "yuv") return undefined;
  const units = union.value.frames.slice(0, MAX_UNITS).map(({ data, key, pts }) => ({ data, key, pts: Number(pts) }));
  return { codec: CODEC_OF[union.case], units };
}

/**
 * Pictures from the wire to the sink, acknowledged on receipt while decoding keeps up and when shown
 * otherwise, so that a slow device is not flooded. Source: docs/protocol/media.md, sections 2, 3.3 and 7.2.
 */
export class RemoteVideo {
  readonly #sink: VideoSink;
  readonly #send: (message: PeerMessageInit) => void;
  readonly #now: () => number;
  readonly #onCodec: (codec: Codec) => void;
  readonly #onUnsupported: (codec: Codec) => void;
  #codec: Codec | undefined;
  #owed = 0;
  #shown = 0;
  #refreshedAt = Number.NEGATIVE_INFINITY;
  #refreshWanted: number | undefined;

  constructor(options: {
    readonly sink: VideoSink;
    readonly send: (message: PeerMessageInit) => void;
    readonly now: () => number;
    readonly onCodec: (codec: Codec) => void;
    readonly onUnsupported: (codec: Codec) => void;
  }) {
    this.#sink = options.sink;
    this.#send = options.send;
    this.#now = options.now;
    this.#onCodec = options.onCodec;
    this.#onUnsupported = options.onUnsupported;
    this.#sink.start({
      shown: () => {
        this.#shown += 1;
        this.#done();
      },
      dropped: () => this.#done(),
      failed: (display) => {
        this.#settle();
        this.refresh(display);
      },
      unsupported: (codec) => {
        this.#settle();
        this.#onUnsupported(codec);
      },
    });
  }

  /** Once a second: pictures shown since the last call. */
  tick(): number {
    if (this.#refreshWanted !== undefined) this.refresh(this.#refreshWanted);
    // A decoder that keeps pictures back for good must not stop the host for good.
    if (this.#shown === 0) this.#settle();
    const shown = this.#shown;
    this.#shown = 0;
    return shown;
  }

  handle(frame: VideoFrame): void {
    const picture = unitsOf(frame);
    // What this viewer does not know is acknowledged as well: the host waits for each.
    if (picture === undefined) {
      this.#acknowledge();
      return;
    }
    const { codec, units } = picture;
    if (codec !== this.#codec) {
      this.#codec = codec;
      this.#onCodec(codec);
    }
    this.#sink.decode(frame.display, codec, units);
    if (this.#sink.pending <= EARLY_ACKNOWLEDGEMENTS) this.#acknowledge();
    else this.#owed += 1;
  }

  /** Asks for a key frame of a display. */
  refresh(display: number): void {
    const now = this.#now();
    const tooEarly = now - this.#refreshedAt < REFRESH_EVERY;
    this.#refreshWanted = tooEarly ? display : undefined;
    if (tooEarly) return;
    this.#refreshedAt = now;
    this.#send({ case: "misc", value: { union: { case: "refreshVideoDisplay", value: display } } });
  }

  /** One picture less waits here. */
  #done(): void {
    if (this.#owed === 0) return;
    this.#owed -= 1;
    this.#acknowledge();
  }

  /** Pictures that were dropped are acknowledged too: the host waits for each. */
  #settle(): void {
    for (; this.#owed > 0; this.#owed -= 1) this.#acknowledge();
  }

  #acknowledge(): void {
    this.#send({ case: "misc", value: { union: { case: "videoReceived", value: true } } });
  }
}
