import type { EncodedPicture, Encoder, EncoderBackend, EncoderOptions, I420, Rect } from "@pulpit/host";
import { AV_PICTURE_TYPE_I, AV_PICTURE_TYPE_NONE, AV_PIX_FMT_YUV420P } from "node-av/constants";
import { Codec, type CodecContext, Frame, Packet } from "node-av/lib";
import { limitBitrate, openContext } from "./context.ts";
import { copyPicture } from "./planes.ts";
import { CRF, ENCODERS, type EncoderSettings } from "./settings.ts";

/** A bitrate this many times away from the running one is worth a new encoder where it can't follow. */
const REOPEN_RATIO = 1.5;
/** … but not more often than this, ms: each costs a key frame. */
const REOPEN_EVERY = 10_000;
/** Less than this since the last key frame, bytes, leaves nothing blurred that a new one would mend. */
const WORTH_A_KEY = 16 * 1024;
/** A change of at most this share of the picture is made fine at once: it costs little, and saves a second picture. */
const SMALL = 1 / 32;

/** Every codec FFmpeg's libraries encode here, in order of preference. */
export function ffmpegEncoders(): readonly EncoderBackend[] {
  return ENCODERS.map((settings) => ({
    name: settings.encoder,
    codec: settings.codec,
    suits: async () => Codec.findEncoderByName(settings.encoder as never) !== null,
    open: async (options) => {
      const { kbps } = options;
      return new FfmpegEncoder(settings, options, await openContext(settings, options, kbps));
    },
  }));
}

class FfmpegEncoder implements Encoder {
  readonly codec: EncoderSettings["codec"];
  readonly #settings: EncoderSettings;
  readonly #options: EncoderOptions;
  readonly #frame = new Frame();
  readonly #packet = new Packet();
  #context: CodecContext | undefined;
  #kbps: number;
  #wantedKbps: number;
  #openedAt = Number.NEGATIVE_INFINITY;
  #opening = false;
  #isFine = false;
  #sinceKey = 0;
  #lastPts = -1;
  #fresh = true;

  constructor(settings: EncoderSettings, options: EncoderOptions, context: CodecContext) {
    this.codec = settings.codec;
    this.#settings = settings;
    this.#options = options;
    this.#context = context;
    this.#kbps = options.kbps;
    this.#wantedKbps = options.kbps;
    this.#frame.alloc();
    this.#frame.width = options.width;
    this.#frame.height = options.height;
    this.#frame.format = AV_PIX_FMT_YUV420P;
    this.#frame.allocBuffer();
    this.#packet.alloc();
  }

  encode(
    picture: I420,
    options: { readonly key: boolean; readonly pts: number; readonly changed: readonly Rect[] },
  ): EncodedPicture | undefined {
    const context = this.#context;
    if (context === undefined) throw new Error("the encoder is closed");
    this.#reopenIfWorthIt(options.pts);
    const refining = !options.key && options.changed.length === 0;
    const byKey = refining && this.#settings.refinement === "key";
    if (byKey && this.#sinceKey < WORTH_A_KEY) return undefined;
    const isFine =
      this.#settings.refinement === "finer" && (refining || (!options.key && this.#isSmall(options.changed)));
    this.#aim(context, isFine);
    this.#frame.makeWritable();
    copyPicture(picture, this.#frame);
    const pts = Math.max(this.#lastPts + 1, Math.round(options.pts));
    this.#lastPts = pts;
    this.#frame.pts = BigInt(pts);
    const key = options.key || this.#fresh || byKey;
    this.#frame.pictType = key ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
    this.#fresh = false;
    check(context.sendFrameSync(this.#frame), "encode");
    const made = this.#received(context, pts);
    return made && isFine && !refining ? { ...made, sharp: true } : made;
  }

  setBitrate(kbps: number): void {
    this.#wantedKbps = Math.round(kbps);
    if (!this.#settings.liveBitrate || this.#context === undefined) return;
    this.#kbps = this.#wantedKbps;
    this.#limit(this.#context);
  }

  close(): void {
    if (this.#context === undefined) return;
    // Some encoders want to hear of the end before they are freed.
    this.#context.sendFrameSync(null);
    this.#context.freeContext();
    this.#context = undefined;
    this.#frame.free();
    this.#packet.free();
  }

  #received(context: CodecContext, pts: number): EncodedPicture | undefined {
    if (context.receivePacketSync(this.#packet) < 0) return undefined;
    // Copied: the packet's memory goes back to the library.
    const data = new Uint8Array(this.#packet.data ?? []);
    const key = this.#packet.isKeyframe;
    this.#packet.unref();
    this.#sinceKey = key ? 0 : this.#sinceKey + data.length;
    return { data, key, pts };
  }

  #isSmall(changed: readonly Rect[]): boolean {
    const pixels = changed.reduce((sum, { width, height }) => sum + width * height, 0);
    return pixels <= this.#options.width * this.#options.height * SMALL;
  }

  /** A quiet screen is worth a fine picture, whatever the motion before it has left over. */
  #aim(context: CodecContext, isFine: boolean): void {
    if (isFine === this.#isFine) return;
    this.#isFine = isFine;
    this.#limit(context);
    check(context.setOption("crf", isFine ? CRF.rest : CRF.motion), "quality");
  }

  #limit(context: CodecContext): void {
    const { framesPerSecond } = this.#options;
    limitBitrate(context, this.#settings, { kbps: this.#kbps, framesPerSecond, refining: this.#isFine });
  }

  /** For encoders whose bitrate stands still: a new one is made beside the running one, then takes over. */
  #reopenIfWorthIt(now: number): void {
    const ratio = this.#wantedKbps / this.#kbps;
    if (this.#opening || (ratio < REOPEN_RATIO && ratio > 1 / REOPEN_RATIO)) return;
    if (now - this.#openedAt < REOPEN_EVERY) return;
    this.#openedAt = now;
    this.#opening = true;
    const kbps = this.#wantedKbps;
    openContext(this.#settings, this.#options, kbps)
      .then((context) => {
        if (this.#context === undefined) return context.freeContext();
        this.#context.freeContext();
        this.#context = context;
        this.#kbps = kbps;
        this.#fresh = true;
      })
      // The running one goes on as it is.
      .catch(() => undefined)
      .finally(() => {
        this.#opening = false;
      });
  }
}

function check(result: number, what: string): void {
  if (result < 0) throw new Error(`FFmpeg: ${what} failed (${result})`);
}
