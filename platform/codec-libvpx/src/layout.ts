/** Offsets into vpx_codec_enc_cfg on 64-bit machines; `library.ts` checks them against the library found. */
export const CONFIG = {
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
export const IMAGE = { planes: 48, strides: 80 } as const;

/** Offsets into vpx_codec_cx_pkt. */
export const PACKET = { kind: 0, data: 8, size: 16, flags: 40 } as const;
