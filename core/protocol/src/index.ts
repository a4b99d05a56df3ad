export type { Compression } from "./crypto/compression.ts";
export type { Crypto, KeyPair, Random } from "./crypto/crypto.ts";
export { Opening, Sealing } from "./crypto/sealing.ts";
export { ProtocolError, type ProtocolErrorCode } from "./errors.ts";
export type { Machine, Millis } from "./machine.ts";
export { CODECS, type Codec } from "./video/codec.ts";
