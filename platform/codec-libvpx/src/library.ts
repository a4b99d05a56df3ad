import koffi from "koffi";

/** Offsets into vpx_codec_enc_cfg and vpx_image for the library's binary interface; they differ between versions. */
export interface Layout {
  readonly file: string;
  /** Prefix of vpx_codec_version_str this layout was checked with. */
  readonly version: RegExp;
  /** VPX_ENCODER_ABI_VERSION. */
  readonly abi: number;
}

/** 1.12 is Debian 12's; its layout of the fields below is unchanged since 1.8 (checked at run time by a test encode). */
const LAYOUTS: readonly Layout[] = [{ file: "libvpx.so.7", version: /^v?1\.1[0-3]\./, abi: 25 }];

/** The functions of libvpx that an encoder needs, as koffi calls them. */
export interface Library {
  readonly abi: number;
  readonly vp9: unknown;
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

/** The system's libvpx, if it is one whose layout is known. */
export function loadLibvpx(): Library | undefined {
  for (const layout of LAYOUTS) {
    try {
      const library = koffi.load(layout.file);
      const version: string = library.func("const char *vpx_codec_version_str()")();
      if (layout.version.test(version)) return functions(library, layout.abi);
    } catch {
      // Not installed: the next one, or none.
    }
  }
  return undefined;
}

function functions(library: ReturnType<typeof koffi.load>, abi: number): Library {
  const control = library.func("int vpx_codec_control_(void *context, int id, ...)");
  return {
    abi,
    vp9: library.func("void *vpx_codec_vp9_cx()")(),
    configDefault: library.func("int vpx_codec_enc_config_default(void *iface, void *config, unsigned int usage)"),
    init: library.func("int vpx_codec_enc_init_ver(void *context, void *iface, void *config, long flags, int abi)"),
    controlInt: (context, id, value) => control(context, id, "int", value),
    controlPointer: (context, id, value) => control(context, id, "void *", value),
    configSet: library.func("int vpx_codec_enc_config_set(void *context, void *config)"),
    wrapImage: library.func(
      "void *vpx_img_wrap(void *image, int format, unsigned int w, unsigned int h, unsigned int align, void *data)",
    ),
    encode: library.func(
      "int vpx_codec_encode(void *context, void *image, int64_t pts, unsigned long duration, long flags, unsigned long deadline)",
    ),
    packet: library.func("void *vpx_codec_get_cx_data(void *context, void *iterator)"),
    destroy: library.func("int vpx_codec_destroy(void *context)"),
  };
}
