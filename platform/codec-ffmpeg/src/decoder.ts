import type { Codec as CodecName } from "@pulpit/protocol";
import { AV_CODEC_FLAG_LOW_DELAY, AV_PIX_FMT_RGBA, SWS_BILINEAR } from "node-av/constants";
import { Codec, CodecContext, Frame, Packet, SoftwareScaleContext } from "node-av/lib";

const DECODERS: Readonly<Record<CodecName, string>> = {
  vp8: "vp8",
  vp9: "vp9",
  av1: "libdav1d",
  h264: "h264",
  h265: "hevc",
};

/** A decoded picture: R, G, B, A, rows without gaps. */
export interface RgbaPicture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** Pixels of a picture; the decoders refuse what is larger before they take memory for it. */
const MAX_PIXELS = 8192 * 8192;

/** Decodes one stream, picture by picture. */
export class FfmpegDecoder {
  readonly #context: CodecContext;
  readonly #packet = new Packet();
  readonly #frame = new Frame();
  #scaler: { readonly key: string; readonly context: SoftwareScaleContext } | undefined;

  private constructor(context: CodecContext) {
    this.#context = context;
    this.#packet.alloc();
    this.#frame.alloc();
  }

  /** Undefined when FFmpeg here can't decode it. */
  static async open(codec: CodecName): Promise<FfmpegDecoder | undefined> {
    const found = Codec.findDecoderByName(DECODERS[codec] as never);
    if (found === null) return undefined;
    const context = new CodecContext();
    context.allocContext3(found);
    context.threadCount = 1;
    // A picture in, a picture out, also from encoders that don't say that they never reorder.
    context.flags = (context.flags | AV_CODEC_FLAG_LOW_DELAY) as never;
    context.setOption("max_pixels", String(MAX_PIXELS));
    if ((await context.open2(found)) >= 0) return new FfmpegDecoder(context);
    context.freeContext();
    return undefined;
  }

  /** The picture of one access unit. Undefined when it gave none: damaged, or needing what is missing. */
  decode(data: Uint8Array): RgbaPicture | undefined {
    // Nothing at all would tell the decoder that the stream has ended.
    if (data.length === 0) return undefined;
    this.#packet.unref();
    this.#packet.data = Buffer.from(data);
    if (this.#context.sendPacketSync(this.#packet) < 0) return undefined;
    let picture: RgbaPicture | undefined;
    while (this.#context.receiveFrameSync(this.#frame) >= 0) {
      picture = this.#rgba();
      this.#frame.unref();
    }
    return picture;
  }

  close(): void {
    this.#scaler?.context.freeContext();
    this.#context.freeContext();
    this.#packet.free();
    this.#frame.free();
  }

  #rgba(): RgbaPicture | undefined {
    const { width, height, format } = this.#frame;
    if (width < 1 || height < 1 || width * height > MAX_PIXELS) return undefined;
    const key = `${width}x${height} ${format}`;
    if (this.#scaler?.key !== key) {
      this.#scaler?.context.freeContext();
      const context = new SoftwareScaleContext();
      context.getContext(width, height, format as never, width, height, AV_PIX_FMT_RGBA, SWS_BILINEAR);
      this.#scaler = { key, context };
    }
    const pixels = Buffer.alloc(width * height * 4);
    this.#scaler.context.scaleSync(this.#frame.data ?? [], this.#frame.linesize, 0, height, [pixels], [width * 4]);
    return { width, height, pixels };
  }
}
