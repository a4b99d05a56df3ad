import type { EncodedPicture, Encoder, EncoderBackend, EncoderOptions, I420 } from "@pulpit/host";
import koffi from "koffi";
import { ActiveMap } from "./active-map.ts";
import { type Library, loadLibvpx } from "./library.ts";

/** Sizes of the C structures, with room to spare. */
const CONFIG_BYTES = 4096;
const CONTEXT_BYTES = 256;
const IMAGE_BYTES = 256;
const PACKET_BYTES = 64;
/** Offsets into vpx_codec_enc_cfg. */
const CONFIG = {
  threads: 4,
  width: 12,
  height: 16,
  timebase: 28,
  errorResilient: 36,
  lag: 44,
  dropFrames: 48,
  endUsage: 72,
  bitrate: 112,
  minQuantizer: 116,
  maxQuantizer: 120,
  undershoot: 124,
  overshoot: 128,
  bufferSize: 132,
  bufferInitial: 136,
  bufferOptimal: 140,
  keyMode: 160,
  keyMaxDistance: 168,
} as const;
/** Offsets into vpx_image: plane addresses and strides. */
const IMAGE = { planes: 48, strides: 80 } as const;
/** Offsets into vpx_codec_cx_pkt. */
const PACKET = { kind: 0, data: 8, size: 16, flags: 40 } as const;
/** Controls by number (vp8cx.h). */
const CONTROL = {
  activeMap: 9,
  cpuUsed: 13,
  staticThreshold: 17,
  tileColumns: 33,
  aqMode: 36,
  tuneContent: 43,
  rowMultithreading: 55,
} as const;
const I420_FORMAT = 0x102;
const CBR = 1;
const FORCE_KEY = 1;
const REALTIME = 1;
const PACKET_FRAME = 0;
const KEY_FLAG = 1;
/** Two threads: a host shares its machine with the person at it. */
const THREADS = 2;

/** VP9 by the system's libvpx: bitrate that follows at once, and only what changed is looked at. */
export function libvpxVp9(): EncoderBackend {
  return {
    name: "libvpx",
    codec: "vp9",
    suits: async () => loadLibvpx() !== undefined,
    open: async (options) => {
      const library = loadLibvpx();
      if (library === undefined) throw new Error("libvpx is not installed");
      return new LibvpxEncoder(library, options);
    },
  };
}

class LibvpxEncoder implements Encoder {
  readonly codec = "vp9";
  readonly #library: Library;
  readonly #config: Buffer = Buffer.alloc(CONFIG_BYTES);
  readonly #context: Buffer = Buffer.alloc(CONTEXT_BYTES);
  readonly #image: Buffer = Buffer.alloc(IMAGE_BYTES);
  readonly #active: ActiveMap;
  #lastPts = -1;
  #closed = false;

  constructor(library: Library, options: EncoderOptions) {
    this.#library = library;
    const { width, height, kbps } = options;
    this.#active = new ActiveMap(width, height);
    check(library.configDefault(library.vp9, this.#config, 0), "default configuration");
    this.#configure(width, height, kbps);
    check(library.init(this.#context, library.vp9, this.#config, 0, library.abi), "start");
    // Figures for these: docs/performance.md.
    this.#control(CONTROL.cpuUsed, Number(process.env.CPU ?? 8));
    this.#control(CONTROL.rowMultithreading, 1);
    this.#control(CONTROL.tileColumns, 1);
    this.#control(CONTROL.aqMode, 3);
    this.#control(CONTROL.tuneContent, 1);
    this.#control(CONTROL.staticThreshold, 0);
  }

  encode(
    picture: I420,
    options: { readonly key: boolean; readonly pts: number; readonly changed: Parameters<ActiveMap["set"]>[0] },
  ): EncodedPicture | undefined {
    if (this.#closed) throw new Error("the encoder is closed");
    this.#point(picture);
    this.#active.set(options.key ? [] : options.changed);
    check(this.#library.controlPointer(this.#context, CONTROL.activeMap, this.#active.structure), "active map");
    // Two pictures may not carry the same time stamp.
    const pts = Math.max(this.#lastPts + 1, Math.round(options.pts));
    const duration = Math.max(1, Math.min(1000, this.#lastPts < 0 ? 33 : pts - this.#lastPts));
    this.#lastPts = pts;
    this.#refine(!options.key && options.changed.length === 0);
    const flags = options.key ? FORCE_KEY : 0;
    check(this.#library.encode(this.#context, this.#image, pts, duration, flags, REALTIME), "encode");
    return this.#packet(pts);
  }

  setBitrate(kbps: number): void {
    if (this.#closed || this.#config.readUInt32LE(CONFIG.bitrate) === Math.round(kbps)) return;
    this.#config.writeUInt32LE(Math.round(kbps), CONFIG.bitrate);
    check(this.#library.configSet(this.#context, this.#config), "bitrate");
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#library.destroy(this.#context);
  }

  #refining = false;
  #refine(on: boolean): void {
    if (on === this.#refining) return;
    this.#refining = on;
    const R = JSON.parse(process.env.R ?? "{}");
    const k = Number(process.env.K ?? 0);
    if (this.#kbps === 0) this.#kbps = this.#config.readUInt32LE(CONFIG.bitrate);
    this.#config.writeUInt32LE(on ? (R.max ?? 52) : k || 52, CONFIG.maxQuantizer);
    this.#config.writeUInt32LE(on ? (R.min ?? 4) : 4, CONFIG.minQuantizer);
    this.#config.writeUInt32LE(this.#kbps * (on ? (R.x ?? 1) : 1), CONFIG.bitrate);
    check(this.#library.configSet(this.#context, this.#config), "refine");
    if (R.aq !== undefined) this.#control(CONTROL.aqMode, on ? R.aq : 3);
  }
  #kbps = 0;

  #configure(width: number, height: number, kbps: number): void {
    const set = (offset: number, value: number): void => void this.#config.writeUInt32LE(value, offset);
    set(CONFIG.threads, THREADS);
    set(CONFIG.width, width);
    set(CONFIG.height, height);
    set(CONFIG.timebase, 1);
    set(CONFIG.timebase + 4, 1000);
    set(CONFIG.errorResilient, 0);
    set(CONFIG.lag, 0);
    set(CONFIG.dropFrames, 0);
    set(CONFIG.endUsage, CBR);
    set(CONFIG.bitrate, Math.round(kbps));
    set(CONFIG.minQuantizer, 4);
    set(CONFIG.maxQuantizer, 52);
    set(CONFIG.undershoot, 100);
    set(CONFIG.overshoot, 15);
    set(CONFIG.bufferSize, 1000);
    set(CONFIG.bufferInitial, 500);
    set(CONFIG.bufferOptimal, 600);
    set(CONFIG.keyMode, 0);
    set(CONFIG.keyMaxDistance, 99_999);
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
      const packet = Buffer.from(koffi.view(address, PACKET_BYTES));
      if (packet.readInt32LE(PACKET.kind) !== PACKET_FRAME) continue;
      const size = Number(packet.readBigUInt64LE(PACKET.size));
      // Copied: the library reuses its memory with the next picture.
      const data = Uint8Array.from(new Uint8Array(koffi.view(packet.readBigUInt64LE(PACKET.data), size)));
      return { data, key: (packet.readUInt32LE(PACKET.flags) & KEY_FLAG) !== 0, pts };
    }
  }

  #control(id: number, value: number): void {
    check(this.#library.controlInt(this.#context, id, value), `control ${id}`);
  }
}

function check(result: number, what: string): void {
  if (result !== 0) throw new Error(`libvpx: ${what} failed (${result})`);
}
