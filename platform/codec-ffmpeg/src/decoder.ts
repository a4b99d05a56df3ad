import type { Codec as CodecName } from "@pulpit/protocol";
import { AV_PIX_FMT_RGBA, SWS_BILINEAR } from "node-av/constants";
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

/** Pixels along one side of a picture; what is larger is refused before it is converted. */
const MAX_SIDE = 16_384;

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
    return (await context.open2(found)) < 0 ? undefined : new FfmpegDecoder(context);
  }

  /** The picture of one access unit. Undefined when it gave none: damaged, or needing what is missing. */
  decode(data: Uint8Array): RgbaPicture | undefined {
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
    if (width < 1 || height < 1 || width > MAX_SIDE || height > MAX_SIDE) return undefined;
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
