import type { EncoderOptions } from "@pulpit/host";
import {
  AV_PIX_FMT_YUV420P,
  AVCOL_PRI_SMPTE170M,
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_SMPTE170M,
  AVCOL_TRC_SMPTE170M,
} from "node-av/constants";
import { Codec, CodecContext, Dictionary } from "node-av/lib";
import type { EncoderSettings } from "./settings.ts";

/** Time stamps in milliseconds. */
const TIMEBASE = { num: 1, den: 1000 };
/** No key frame that nobody asked for. */
const NEVER = 99_999;
/** Seconds of the bitrate that motion may take in a burst: spread, and no picture is held back for long. */
const MOTION_BUFFER = 1 / 3;
/** Seconds for which a refinement may fill the line. */
const REFINEMENT_BUFFER = 1 / 4;

/** An encoder of FFmpeg's that is ready for pictures. */
export async function openContext(
  settings: EncoderSettings,
  options: EncoderOptions,
  kbps: number,
): Promise<CodecContext> {
  const codec = Codec.findEncoderByName(settings.encoder as never);
  if (codec === null) throw new Error(`FFmpeg here has no ${settings.encoder}`);
  const { width, height, framesPerSecond } = options;
  const context = new CodecContext();
  context.allocContext3(codec);
  context.width = width;
  context.height = height;
  context.pixelFormat = AV_PIX_FMT_YUV420P;
  context.timeBase = TIMEBASE as never;
  context.framerate = { num: framesPerSecond, den: 1 } as never;
  context.gopSize = NEVER;
  context.maxBFrames = 0;
  context.threadCount = settings.threads;
  context.colorSpace = AVCOL_SPC_SMPTE170M;
  context.colorPrimaries = AVCOL_PRI_SMPTE170M;
  context.colorTrc = AVCOL_TRC_SMPTE170M;
  context.colorRange = AVCOL_RANGE_MPEG;
  limitBitrate(context, settings, { kbps, framesPerSecond, refining: false });
  // Awaited on purpose: opening synchronously with a dictionary corrupts the heap of this library.
  const result = await context.open2(codec, Dictionary.fromObject(settings.options({ ...options, kbps })));
  if (result >= 0) return context;
  context.freeContext();
  throw new Error(`FFmpeg: ${settings.encoder} did not open (${result})`);
}

/** Tells the encoder its bitrate, before it is opened or while it runs. */
export function limitBitrate(
  context: CodecContext,
  { bitrate }: EncoderSettings,
  limits: { readonly kbps: number; readonly framesPerSecond: number; readonly refining: boolean },
): void {
  const perSecond = limits.kbps * 1000;
  if (bitrate === "target") context.bitRate = BigInt(perSecond);
  if (bitrate !== "ceiling") return;
  const buffer = Math.round(perSecond * (limits.refining ? REFINEMENT_BUFFER : MOTION_BUFFER));
  // A refinement has a full buffer before it, whenever the last picture was.
  context.rcMaxRate = BigInt(limits.refining ? buffer * limits.framesPerSecond : perSecond);
  context.rcBufferSize = buffer;
}
