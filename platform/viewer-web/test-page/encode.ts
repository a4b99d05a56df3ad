import type { Codec as CodecName } from "@pulpit/protocol";
import { AV_PICTURE_TYPE_I, AV_PICTURE_TYPE_NONE, AV_PIX_FMT_YUV420P } from "node-av/constants";
import { Codec, CodecContext, Dictionary, Frame, Packet } from "node-av/lib";
import type { SentUnit } from "./page.ts";
import { type Picture, toI420 } from "./pictures.ts";

/** Encoders as other hosts might use them, with enough bits to show what came in; none tells its colours. */
const ENCODERS: Readonly<Partial<Record<CodecName, readonly [string, Record<string, string>]>>> = {
  h264: [
    "libx264",
    { preset: "superfast", tune: "zerolatency", crf: "12", "x264-params": "repeat-headers=1:annexb=1" },
  ],
  vp9: ["libvpx-vp9", { deadline: "realtime", "cpu-used": "8", "lag-in-frames": "0" }],
  av1: ["libsvtav1", { preset: "10", crf: "16", "svtav1-params": "pred-struct=1:lookahead=0" }],
  vp8: ["libvpx", { deadline: "realtime", "cpu-used": "12", "lag-in-frames": "0" }],
};

/** The pictures as one stream of one unit each, the first a key frame. */
export async function encode(codec: CodecName, pictures: readonly Picture[]): Promise<SentUnit[][]> {
  const [name, settings] = ENCODERS[codec] ?? ["", {}];
  const encoder = Codec.findEncoderByName(name as never);
  const [first] = pictures;
  if (encoder === null || first === undefined) throw new Error(`nothing to encode, or no ${codec}`);
  const context = new CodecContext();
  context.allocContext3(encoder);
  context.width = first.width;
  context.height = first.height;
  context.pixelFormat = AV_PIX_FMT_YUV420P;
  context.timeBase = { num: 1, den: 1000 } as never;
  context.framerate = { num: 30, den: 1 } as never;
  context.gopSize = 99_999;
  context.maxBFrames = 0;
  context.threadCount = 2;
  if (codec.startsWith("vp")) context.bitRate = 60_000_000n;
  // Awaited on purpose: opening synchronously with a dictionary corrupts the heap of this library.
  if ((await context.open2(encoder, Dictionary.fromObject(settings))) < 0) throw new Error(`${name} does not open`);
  const packet = new Packet();
  packet.alloc();
  const units: SentUnit[][] = [];
  const take = (): void => {
    while (context.receivePacketSync(packet) >= 0) {
      units.push([{ base64: Buffer.from(packet.data ?? []).toString("base64"), key: packet.isKeyframe }]);
      packet.unref();
    }
  };
  for (const [i, picture] of pictures.entries()) {
    const frame = new Frame();
    frame.alloc();
    frame.width = picture.width;
    frame.height = picture.height;
    frame.format = AV_PIX_FMT_YUV420P;
    frame.allocBuffer();
    frame.fromBuffer(toI420(picture));
    frame.pts = BigInt(i * 33);
    frame.pictType = i === 0 ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
    context.sendFrameSync(frame);
    take();
    frame.free();
  }
  context.sendFrameSync(null);
  take();
  context.freeContext();
  packet.free();
  if (units.length !== pictures.length) throw new Error(`${name} gave ${units.length} units`);
  return units;
}
