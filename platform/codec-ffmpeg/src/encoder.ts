import type { EncodedPicture, Encoder, EncoderBackend, EncoderOptions, I420 } from "@pulpit/host";
import {
  AV_PICTURE_TYPE_I,
  AV_PICTURE_TYPE_NONE,
  AV_PIX_FMT_YUV420P,
  AVCOL_PRI_SMPTE170M,
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_SMPTE170M,
  AVCOL_TRC_SMPTE170M,
} from "node-av/constants";
import { Codec, CodecContext, Dictionary, Frame, Packet } from "node-av/lib";
import { ENCODERS, type EncoderSettings } from "./settings.ts";

/** Time stamps in milliseconds. */
const TIMEBASE = { num: 1, den: 1000 };
/** A bitrate this many times away from the running one is worth a new encoder where it can't follow. */
const REOPEN_RATIO = 1.5;
/** … but not more often than this, ms: each costs a key frame. */
const REOPEN_EVERY = 10_000;
/** No key frame that nobody asked for. */
const NEVER = 99_999;

/** Every codec FFmpeg's libraries encode here, in order of preference. */
export function ffmpegEncoders(): readonly EncoderBackend[] {
  return ENCODERS.map((settings) => ({
    name: settings.encoder,
    codec: settings.codec,
    suits: async () => Codec.findEncoderByName(settings.encoder as never) !== null,
    open: async (options) => {
      const encoder = new FfmpegEncoder(settings, options);
      await encoder.start();
      return encoder;
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
  #lastPts = -1;
  #fresh = true;

  constructor(settings: EncoderSettings, options: EncoderOptions) {
    this.codec = settings.codec;
    this.#settings = settings;
    this.#options = options;
    this.#kbps = options.kbps;
    this.#wantedKbps = options.kbps;
    this.#frame.alloc();
    this.#frame.width = options.width;
    this.#frame.height = options.height;
    this.#frame.format = AV_PIX_FMT_YUV420P;
    this.#frame.allocBuffer();
    this.#packet.alloc();
  }

  async start(): Promise<void> {
    this.#context = await this.#opened(this.#kbps);
  }

  #refining = false;
  #refine(on: boolean, context: CodecContext): void {
    if (on === this.#refining) return;
    this.#refining = on;
    const R = JSON.parse(process.env.R ?? "{}");
    if (R.t) {
      const b = on ? Math.round(this.#kbps * R.t) : this.#kbps;
      context.rcMaxRate = BigInt(b) * 1000n * (on ? 30n : 1n);
      context.rcBufferSize = on ? b * 1000 : Math.round((this.#kbps * 1000) / 3);
    }
    if (R.crf) {
      const r = context.setOption("crf", on ? `${R.crf}` : "22");
      if (r < 0) console.log("setOption", r);
    }
    if (R.qmax) context.qMax = on ? R.qmax : 69;
  }

  encode(
    picture: I420,
    options: { readonly key: boolean; readonly pts: number; readonly changed: readonly unknown[] },
  ): EncodedPicture | undefined {
    const context = this.#context;
    if (context === undefined) throw new Error("the encoder is closed");
    this.#reopenIfWorthIt(options.pts);
    this.#refine(!options.key && options.changed.length === 0, context);
    this.#frame.makeWritable();
    this.#copy(picture);
    const pts = Math.max(this.#lastPts + 1, Math.round(options.pts));
    this.#lastPts = pts;
    this.#frame.pts = BigInt(pts);
    this.#frame.pictType = options.key || this.#fresh ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
    this.#fresh = false;
    check(context.sendFrameSync(this.#frame), "encode");
    if (context.receivePacketSync(this.#packet) < 0) return undefined;
    // Copied: the packet's memory goes back to the library.
    const data = Uint8Array.from(this.#packet.data ?? new Uint8Array(0));
    const key = this.#packet.isKeyframe;
    this.#packet.unref();
    return { data, key, pts };
  }

  setBitrate(kbps: number): void {
    this.#wantedKbps = Math.round(kbps);
    if (!this.#settings.liveBitrate || this.#context === undefined) return;
    this.#kbps = this.#wantedKbps;
    limit(this.#context, this.#settings, this.#kbps);
  }

  close(): void {
    // Some encoders want to hear of the end before they are freed.
    this.#context?.sendFrameSync(null);
    this.#context?.freeContext();
    this.#context = undefined;
    this.#frame.free();
    this.#packet.free();
  }

  #copy({ width, height, y, u, v, strideY, strideUV }: I420): void {
    const planes = this.#frame.data ?? [];
    const lines = this.#frame.linesize;
    const half = { width: (width + 1) >> 1, height: (height + 1) >> 1 };
    copyPlane(y, strideY, planes[0] as Buffer, lines[0] as number, width, height);
    copyPlane(u, strideUV, planes[1] as Buffer, lines[1] as number, half.width, half.height);
    copyPlane(v, strideUV, planes[2] as Buffer, lines[2] as number, half.width, half.height);
  }

  /** For encoders whose bitrate stands still: a new one is made beside the running one, then takes over. */
  #reopenIfWorthIt(now: number): void {
    const ratio = this.#wantedKbps / this.#kbps;
    if (this.#opening || (ratio < REOPEN_RATIO && ratio > 1 / REOPEN_RATIO) || now - this.#openedAt < REOPEN_EVERY)
      return;
    this.#openedAt = now;
    this.#opening = true;
    const kbps = this.#wantedKbps;
    this.#opened(kbps)
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

  async #opened(kbps: number): Promise<CodecContext> {
    const codec = Codec.findEncoderByName(this.#settings.encoder as never);
    if (codec === null) throw new Error(`FFmpeg here has no ${this.#settings.encoder}`);
    const context = new CodecContext();
    context.allocContext3(codec);
    context.width = this.#options.width;
    context.height = this.#options.height;
    context.pixelFormat = AV_PIX_FMT_YUV420P;
    context.timeBase = TIMEBASE as never;
    context.framerate = { num: this.#options.framesPerSecond, den: 1 } as never;
    context.gopSize = NEVER;
    context.maxBFrames = 0;
    context.threadCount = this.#settings.threads;
    context.colorSpace = AVCOL_SPC_SMPTE170M;
    context.colorPrimaries = AVCOL_PRI_SMPTE170M;
    context.colorTrc = AVCOL_TRC_SMPTE170M;
    context.colorRange = AVCOL_RANGE_MPEG;
    limit(context, this.#settings, kbps);
    // Awaited on purpose: opening synchronously with a dictionary corrupts the heap of this library.
    check(await context.open2(codec, Dictionary.fromObject(this.#settings.options(this.#options))), "open");
    return context;
  }
}

function limit(context: CodecContext, settings: EncoderSettings, kbps: number): void {
  const bits = BigInt(kbps) * 1000n;
  if (settings.qualityDriven) {
    context.rcMaxRate = bits;
    // A third of a second: a burst is spread, a picture is never held back for long.
    context.rcBufferSize = Math.round((kbps * 1000) / 3);
  } else context.bitRate = bits;
}

function copyPlane(
  from: Uint8Array,
  fromStride: number,
  to: Buffer,
  toStride: number,
  width: number,
  height: number,
): void {
  if (fromStride === toStride) {
    to.set(from.subarray(0, fromStride * height));
    return;
  }
  for (let row = 0; row < height; row++)
    to.set(from.subarray(row * fromStride, row * fromStride + width), row * toStride);
}

function check(result: number, what: string): void {
  if (result < 0) throw new Error(`FFmpeg: ${what} failed (${result})`);
}
