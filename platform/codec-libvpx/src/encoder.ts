import type { EncodedPicture, Encoder, EncoderBackend, EncoderOptions, I420 } from "@pulpit/host";
import koffi from "koffi";
import { ActiveMap } from "./active-map.ts";
import { CONFIG, IMAGE, PACKET } from "./layout.ts";
import { BYTES, I420_FORMAT, type Library, loadLibvpx, type VpxCodec } from "./library.ts";
import { CONTROL, PROFILES, REFINEMENT_BITS, refinementQuantizer } from "./profiles.ts";

const CBR = 1;
const FORCE_KEY = 1;
const REALTIME = 1;
const PACKET_FRAME = 0;
const KEY_FLAG = 1;
const MIN_QUANTIZER = 4;
/** VP8 and VP9 carry a size in 14 and 16 bits; what is larger than this no screen has. */
const MAX_SIDE = 16_383;

/** VP9 by the system's libvpx: bitrate that follows at once, and only what changed is looked at. */
export function libvpxVp9(): EncoderBackend {
  return backend("vp9");
}

/** VP8 in the same way. */
export function libvpxVp8(): EncoderBackend {
  return backend("vp8");
}

function backend(codec: VpxCodec): EncoderBackend {
  return {
    name: "system libvpx",
    codec,
    suits: async () => loadLibvpx() !== undefined,
    open: async (options) => {
      const library = loadLibvpx();
      if (library === undefined) throw new Error("there is no libvpx here that is known");
      return new LibvpxEncoder(library, codec, options);
    },
  };
}

class LibvpxEncoder implements Encoder {
  readonly codec: VpxCodec;
  readonly #library: Library;
  readonly #config: Buffer = Buffer.alloc(BYTES.config);
  readonly #context: Buffer = Buffer.alloc(BYTES.context);
  readonly #image: Buffer = Buffer.alloc(BYTES.image);
  readonly #active: ActiveMap;
  #kbps: number;
  #refining = false;
  #lastPts = -1;
  #closed = false;

  constructor(library: Library, codec: VpxCodec, { width, height, kbps }: EncoderOptions) {
    if (width < 1 || height < 1 || width > MAX_SIDE || height > MAX_SIDE) throw new RangeError("no size of a picture");
    this.codec = codec;
    this.#library = library;
    this.#kbps = Math.round(kbps);
    this.#active = new ActiveMap(width, height);
    const iface = library.interface(codec);
    check(library.configDefault(iface, this.#config, 0), "default configuration");
    this.#configure(width, height);
    check(library.init(this.#context, iface, this.#config, 0, library.abi), "start");
    try {
      for (const [id, value] of PROFILES[codec].controls) {
        check(library.controlInt(this.#context, id, value), `control ${id}`);
      }
    } catch (error) {
      this.close();
      throw error;
    }
  }

  encode(
    picture: I420,
    options: { readonly key: boolean; readonly pts: number; readonly changed: Parameters<ActiveMap["set"]>[0] },
  ): EncodedPicture | undefined {
    if (this.#closed) throw new Error("the encoder is closed");
    this.#point(picture);
    this.#refine(!options.key && options.changed.length === 0);
    this.#active.set(options.key ? [] : options.changed);
    check(this.#library.controlPointer(this.#context, CONTROL.activeMap, this.#active.structure), "active map");
    // Two pictures may not carry the same time stamp.
    const pts = Math.max(this.#lastPts + 1, Math.round(options.pts));
    const duration = Math.max(1, Math.min(1000, this.#lastPts < 0 ? 33 : pts - this.#lastPts));
    this.#lastPts = pts;
    const flags = options.key ? FORCE_KEY : 0;
    check(this.#library.encode(this.#context, this.#image, pts, duration, flags, REALTIME), "encode");
    return this.#packet(pts);
  }

  setBitrate(kbps: number): void {
    if (this.#closed || this.#kbps === Math.round(kbps)) return;
    this.#kbps = Math.round(kbps);
    this.#limit();
    check(this.#library.configSet(this.#context, this.#config), "bitrate");
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#library.destroy(this.#context);
  }

  #configure(width: number, height: number): void {
    const set = (offset: number, value: number): void => void this.#config.writeUInt32LE(value, offset);
    set(CONFIG.threads, PROFILES[this.codec].threads);
    set(CONFIG.width, width);
    set(CONFIG.height, height);
    set(CONFIG.timebase, 1);
    set(CONFIG.timebase + 4, 1000);
    set(CONFIG.errorResilient, 0);
    set(CONFIG.lag, 0);
    set(CONFIG.dropFrames, 0);
    set(CONFIG.endUsage, CBR);
    set(CONFIG.minQuantizer, MIN_QUANTIZER);
    set(CONFIG.undershoot, 100);
    set(CONFIG.overshoot, 15);
    set(CONFIG.bufferSize, 1000);
    set(CONFIG.bufferInitial, 500);
    set(CONFIG.bufferOptimal, 600);
    set(CONFIG.keyMode, 0);
    set(CONFIG.keyMaxDistance, 99_999);
    this.#limit();
  }

  #limit(): void {
    const quantizer = this.#refining ? refinementQuantizer(this.#kbps) : PROFILES[this.codec].maxQuantizer;
    this.#config.writeUInt32LE(quantizer, CONFIG.maxQuantizer);
    this.#config.writeUInt32LE(this.#kbps * (this.#refining ? REFINEMENT_BITS : 1), CONFIG.bitrate);
  }

  /** A quiet screen is worth a fine picture, whatever the motion before it has left over. */
  #refine(refining: boolean): void {
    if (refining === this.#refining) return;
    this.#refining = refining;
    this.#limit();
    check(this.#library.configSet(this.#context, this.#config), "refinement");
  }

  /** Lets the image structure point at the caller's planes; they are read before `encode` returns. */
  #point({ width, height, y, u, v, strideY, strideUV }: I420): void {
    if (this.#image.readUInt32LE(0) === 0) this.#library.wrapImage(this.#image, I420_FORMAT, width, height, 1, y);
    [y, u, v].forEach((plane, i) => {
      this.#image.writeBigUInt64LE(BigInt(koffi.address(plane)), IMAGE.planes + 8 * i);
      this.#image.writeInt32LE(i === 0 ? strideY : strideUV, IMAGE.strides + 4 * i);
    });
  }

  #packet(pts: number): EncodedPicture | undefined {
    const iterator = Buffer.alloc(8);
    for (;;) {
      const address = this.#library.packet(this.#context, iterator);
      if (address === null) return undefined;
      const packet = Buffer.from(koffi.view(address, BYTES.packet));
      if (packet.readInt32LE(PACKET.kind) !== PACKET_FRAME) continue;
      const size = Number(packet.readBigUInt64LE(PACKET.size));
      // Copied: the library reuses its memory with the next picture.
      const data = new Uint8Array(koffi.view(packet.readBigUInt64LE(PACKET.data), size)).slice();
      return { data, key: (packet.readUInt32LE(PACKET.flags) & KEY_FLAG) !== 0, pts };
    }
  }
}

function check(result: number, what: string): void {
  if (result !== 0) throw new Error(`libvpx: ${what} failed (${result})`);
}
