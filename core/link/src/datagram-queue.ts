/** Datagrams that wait to be handled; beyond it they are lost, and sent again. */
const MAX_WAITING = 4096;

/** What has arrived and nobody has taken yet. Whoever reads it may be slow, and the network does not wait. */
export class DatagramQueue<Datagram> {
  #waiting: Datagram[] = [];
  /** Where the first one is: moving thousands of them for each would be a gift to who floods us. */
  #first = 0;
  #closed = false;
  #wake = (): void => undefined;

  put(datagram: Datagram): void {
    if (this.#closed || this.#waiting.length - this.#first >= MAX_WAITING) return;
    this.#waiting.push(datagram);
    this.#wake();
  }

  /** The next one; undefined once the queue is closed. At most one call may be pending. */
  async next(): Promise<Datagram | undefined> {
    for (;;) {
      if (this.#closed) return undefined;
      const datagram = this.#waiting[this.#first];
      if (datagram !== undefined) {
        this.#first += 1;
        if (this.#first === this.#waiting.length || this.#first === MAX_WAITING) {
          this.#waiting = this.#waiting.slice(this.#first);
          this.#first = 0;
        }
        return datagram;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Drops what waits. */
  close(): void {
    this.#closed = true;
    this.#waiting = [];
    this.#wake();
  }
}
