import koffi from "koffi";
import { CONFIG, IMAGE } from "./layout.ts";

/** Newest first. Distributions differ: 7 is Debian 12's and Ubuntu 22.04's, 9 Debian 13's and Ubuntu 24.04's. */
const FILES: readonly string[] = [12, 11, 10, 9, 8, 7, 6].map((number) => `libvpx.so.${number}`);
/** 1.8 is the first that has every control we set. */
const VERSIONS = /^v?1\.([89]|1\d)\./;
/** VPX_ENCODER_ABI_VERSION is a number of the header, not of the library: the library refuses those above its own. */
const ABI = { from: 60, to: 20 } as const;
const ABI_MISMATCH = 3;

/** Sizes of the C structures, with room to spare for versions to come. */
export const BYTES = { config: 4096, context: 256, image: 256, packet: 64 } as const;
export const I420_FORMAT = 0x102;

export type VpxCodec = "vp8" | "vp9";

/** The functions of libvpx that an encoder needs, as koffi calls them. */
export interface Library {
  readonly abi: number;
  interface(codec: VpxCodec): unknown;
  configDefault(iface: unknown, config: Uint8Array, usage: number): number;
  init(context: Uint8Array, iface: unknown, config: Uint8Array, flags: number, abi: number): number;
  controlInt(context: Uint8Array, id: number, value: number): number;
  controlPointer(context: Uint8Array, id: number, value: Uint8Array): number;
  configSet(context: Uint8Array, config: Uint8Array): number;
  wrapImage(image: Uint8Array, format: number, width: number, height: number, align: number, data: Uint8Array): unknown;
  encode(
    context: Uint8Array,
    image: Uint8Array,
    pts: number,
    duration: number,
    flags: number,
    deadline: number,
  ): number;
  /** The next packet's address, or null. */
  packet(context: Uint8Array, iterator: Uint8Array): unknown;
  destroy(context: Uint8Array): number;
}

/** The system's libvpx, if there is one whose structures look as we know them. */
export function loadLibvpx(): Library | undefined {
  for (const file of FILES) {
    const library = loadedFrom(file);
    if (library !== undefined) return library;
  }
  return undefined;
}

function loadedFrom(file: string): Library | undefined {
  try {
    const native = koffi.load(file);
    const version: string = native.func("const char *vpx_codec_version_str()")();
    if (!VERSIONS.test(version)) return undefined;
    const library = functions(native);
    if (!hasKnownLayout(library)) return undefined;
    const abi = acceptedAbi(library);
    return abi === undefined ? undefined : { ...library, abi };
  } catch {
    // Not installed, or without these functions.
    return undefined;
  }
}

function functions(native: ReturnType<typeof koffi.load>): Library {
  const control = native.func("int vpx_codec_control_(void *context, int id, ...)");
  return {
    abi: 0,
    interface: (codec) => native.func(`void *vpx_codec_${codec}_cx()`)(),
    configDefault: native.func("int vpx_codec_enc_config_default(void *iface, void *config, unsigned int usage)"),
    init: native.func("int vpx_codec_enc_init_ver(void *context, void *iface, void *config, long flags, int abi)"),
    controlInt: (context, id, value) => control(context, id, "int", value),
    controlPointer: (context, id, value) => control(context, id, "void *", value),
    configSet: native.func("int vpx_codec_enc_config_set(void *context, void *config)"),
    wrapImage: native.func(
      "void *vpx_img_wrap(void *image, int format, unsigned int w, unsigned int h, unsigned int align, void *data)",
    ),
    encode: native.func(
      "int vpx_codec_encode(void *context, void *image, int64_t pts, unsigned long duration, long flags, unsigned long deadline)",
    ),
    packet: native.func("void *vpx_codec_get_cx_data(void *context, void *iterator)"),
    destroy: native.func("int vpx_codec_destroy(void *context)"),
  };
}

/** Whether defaults and a wrapped picture are where we expect them: a structure that moved is never written to. */
function hasKnownLayout(library: Library): boolean {
  const config = Buffer.alloc(BYTES.config, 0xee);
  if (library.configDefault(library.interface("vp9"), config, 0) !== 0) return false;
  const defaults: readonly (readonly [number, number])[] = [
    [CONFIG.width, 320],
    [CONFIG.height, 240],
    [CONFIG.timebase, 1],
    [CONFIG.timebase + 4, 30],
    [CONFIG.errorResilient, 0],
    [CONFIG.dropFrames, 0],
    [CONFIG.endUsage, 0],
    [CONFIG.bitrate, 256],
    [CONFIG.minQuantizer, 0],
    [CONFIG.maxQuantizer, 63],
    [CONFIG.bufferSize, 6000],
    [CONFIG.bufferInitial, 4000],
    [CONFIG.bufferOptimal, 5000],
    [CONFIG.keyMode, 1],
    [CONFIG.keyMaxDistance, 128],
  ];
  if (!defaults.every(([offset, value]) => config.readUInt32LE(offset) === value)) return false;
  const plane = Buffer.alloc(24);
  const image = Buffer.alloc(BYTES.image);
  library.wrapImage(image, I420_FORMAT, 4, 4, 1, plane);
  const address = BigInt(koffi.address(plane));
  return image.readBigUInt64LE(IMAGE.planes) === address && image.readInt32LE(IMAGE.strides) === 4;
}

function acceptedAbi(library: Library): number | undefined {
  const config = Buffer.alloc(BYTES.config);
  const iface = library.interface("vp9");
  library.configDefault(iface, config, 0);
  for (let abi: number = ABI.from; abi >= ABI.to; abi--) {
    const context = Buffer.alloc(BYTES.context);
    const result = library.init(context, iface, config, 0, abi);
    if (result === ABI_MISMATCH) continue;
    if (result !== 0) return undefined;
    library.destroy(context);
    return abi;
  }
  return undefined;
}
