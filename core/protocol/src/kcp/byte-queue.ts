/** Bytes waiting to be cut into segments, in the order they were written; none are copied before that. */
export class ByteQueue {
  #chunks: Uint8Array[] = [];
  #first = 0;
  #offset = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#chunks.push(bytes);
    this.#length += bytes.length;
  }

  /** The next `most` bytes, or all there are; small writes are merged. */
  take(most: number): Uint8Array {
    const length = Math.min(most, this.#length);
    const chunk = this.#chunks[this.#first];
    if (chunk !== undefined && chunk.length - this.#offset >= length) {
      const bytes = chunk.subarray(this.#offset, this.#offset + length);
      this.#drop(length);
      return bytes;
    }
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length; ) {
      const piece = (this.#chunks[this.#first] as Uint8Array).subarray(this.#offset, this.#offset + length - at);
      bytes.set(piece, at);
      at += piece.length;
      this.#drop(piece.length);
    }
    return bytes;
  }

  #drop(length: number): void {
    this.#length -= length;
    this.#offset += length;
    if (this.#offset < (this.#chunks[this.#first]?.length ?? 0)) return;
    this.#offset = 0;
    this.#first += 1;
    if (this.#first * 2 < this.#chunks.length) return;
    this.#chunks = this.#chunks.slice(this.#first);
    this.#first = 0;
  }
}
