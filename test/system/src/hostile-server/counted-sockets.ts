import type { DatagramSocket } from "@pulpit/link";

/** Sockets to nowhere that count what would go out. */
export class CountedSockets {
  /** Datagrams of each socket, in the order in which they were opened. */
  readonly datagrams: number[] = [];
  /** Bytes of all of them, without headers. */
  bytes = 0;
  openNow = 0;
  mostOpen = 0;

  /** Datagrams of all of them. */
  get total(): number {
    return this.datagrams.reduce((sum, count) => sum + count, 0);
  }

  open(): DatagramSocket {
    const place = this.datagrams.push(0) - 1;
    const closed = Promise.withResolvers<undefined>();
    let isOpen = true;
    this.openNow += 1;
    this.mostOpen = Math.max(this.mostOpen, this.openNow);
    return {
      localPort: 1 + place,
      receive: () => closed.promise,
      send: (data) => {
        this.datagrams[place] = (this.datagrams[place] ?? 0) + 1;
        this.bytes += data.length;
      },
      close: async () => {
        if (isOpen) this.openNow -= 1;
        isOpen = false;
        closed.resolve(undefined);
      },
    };
  }
}
