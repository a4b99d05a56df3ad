import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import type { Compression } from "@pulpit/protocol";

/** Stock level (docs/protocol/media.md, section 14). */
const LEVEL = 3;

/** Zstandard by Node itself. */
export function nodeCompression(): Compression {
  return {
    compress: (data) => zstdCompressSync(data, { params: { [constants.ZSTD_c_compressionLevel]: LEVEL } }),
    decompress(data, limit) {
      try {
        return zstdDecompressSync(data, { maxOutputLength: Math.max(1, limit) });
      } catch (error) {
        // Too large, cut short or no Zstandard at all: to the caller it is the same.
        if (error instanceof Error && "code" in error) return undefined;
        throw error;
      }
    },
  };
}
