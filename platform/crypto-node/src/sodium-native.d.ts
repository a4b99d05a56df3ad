// The part of sodium-native that Pulpit uses; the package ships no declarations.
declare module "sodium-native" {
  const sodium: {
    readonly crypto_sign_PUBLICKEYBYTES: number;
    crypto_hash_sha256(out: Uint8Array, input: Uint8Array): void;
    crypto_sign_seed_keypair(publicKey: Uint8Array, secretKey: Uint8Array, seed: Uint8Array): void;
    crypto_sign(signed: Uint8Array, message: Uint8Array, secretKey: Uint8Array): void;
    crypto_sign_open(message: Uint8Array, signed: Uint8Array, publicKey: Uint8Array): boolean;
    crypto_scalarmult_base(publicKey: Uint8Array, secretKey: Uint8Array): void;
    crypto_box_easy(
      out: Uint8Array,
      message: Uint8Array,
      nonce: Uint8Array,
      publicKey: Uint8Array,
      secretKey: Uint8Array,
    ): void;
    crypto_box_open_easy(
      out: Uint8Array,
      box: Uint8Array,
      nonce: Uint8Array,
      publicKey: Uint8Array,
      secretKey: Uint8Array,
    ): boolean;
    crypto_secretbox_easy(out: Uint8Array, message: Uint8Array, nonce: Uint8Array, key: Uint8Array): void;
    crypto_secretbox_open_easy(out: Uint8Array, box: Uint8Array, nonce: Uint8Array, key: Uint8Array): boolean;
    randombytes_buf(out: Uint8Array): void;
  };
  export default sodium;
}
