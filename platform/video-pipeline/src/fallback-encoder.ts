import type { EncodedPicture, Encoder, EncoderBackend, EncoderOptions } from "@pulpit/host";

type Picture = Parameters<Encoder["encode"]>;

/**
 * The first of some backends that works. Whether one does shows with the first picture: until that is made, the next
 * backend takes over from one that fails.
 */
export class FallbackEncoder {
  readonly #left: EncoderBackend[];
  readonly #options: EncoderOptions;
  #kbps: number;
  #encoder: Encoder;
  #works = false;

  private constructor(encoder: Encoder, left: EncoderBackend[], options: EncoderOptions) {
    this.#encoder = encoder;
    this.#left = left;
    this.#options = options;
    this.#kbps = options.kbps;
  }

  /** Rejects with the last backend's error when none opens. */
  static async open(backends: readonly EncoderBackend[], options: EncoderOptions): Promise<FallbackEncoder> {
    const left = [...backends];
    const encoder = await firstOf(left, options, new Error("no encoder suits"));
    return new FallbackEncoder(encoder, left, options);
  }

  /** As Encoder.encode. Rejects when the encoder fails and no other can take over. */
  async encode(...picture: Picture): Promise<EncodedPicture | undefined> {
    for (;;) {
      try {
        const encoded = this.#encoder.encode(...picture);
        this.#works = true;
        return encoded;
      } catch (error) {
        if (this.#works) throw error;
        this.#encoder.close();
        this.#encoder = await firstOf(this.#left, { ...this.#options, kbps: this.#kbps }, error);
      }
    }
  }

  setBitrate(kbps: number): void {
    this.#kbps = kbps;
    this.#encoder.setBitrate(kbps);
  }

  close(): void {
    this.#encoder.close();
  }
}

/** Takes backends off the list until one opens. */
async function firstOf(left: EncoderBackend[], options: EncoderOptions, why: unknown): Promise<Encoder> {
  let failure = why;
  for (let backend = left.shift(); backend !== undefined; backend = left.shift()) {
    try {
      return await backend.open(options);
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}
