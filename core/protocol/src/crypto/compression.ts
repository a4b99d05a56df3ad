/** Zstandard frames, level 3, no dictionary (docs/protocol/media.md, section 14). A port. */
export interface Compression {
  compress(data: Uint8Array): Uint8Array;
  /** Undefined when the input is no Zstandard frame or would grow beyond `limit` bytes. */
  decompress(data: Uint8Array, limit: number): Uint8Array | undefined;
}
