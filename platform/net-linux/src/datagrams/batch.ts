import { MAX_DATAGRAM, REGISTER_PEER_RESPONSE } from "@pulpit/protocol";
import { type Arena, openArena } from "../arena.ts";
import { callable, EAGAIN, EINTR, errno } from "../libc.ts";
import { MSG_DONTWAIT, systemError } from "./socket.ts";
import { type Family, nameSize, readName, zoneOf } from "./socket-name.ts";

/** Datagrams taken with one call of the system: more would not be cheaper, and the first would wait for the last. */
const BATCH = 64;

// mmsghdr on 64-bit systems: a pointer to the name and its size, a pointer to an iovec and their number, …, the length.
const MESSAGE = { size: 64, name: 0, nameSize: 8, parts: 16, partCount: 24, length: 56 };
const IOVEC = 16;
/** One byte more than there may be, so that longer ones are seen to be longer. */
const DATA = Math.ceil((MAX_DATAGRAM + 1) / 64) * 64;
const NAME = 32;
const REPLY = 16;
const REPLIES = ["known", "stranger"] as const;

// Where in the arena what begins.
const IN = 0;
const OUT = IN + BATCH * MESSAGE.size;
const PARTS = OUT + BATCH * MESSAGE.size;
const REPLY_PARTS = PARTS + BATCH * IOVEC;
const REPLY_DATA = REPLY_PARTS + REPLIES.length * IOVEC;
const NAMES = REPLY_DATA + REPLIES.length * REPLY;
const BODIES = NAMES + BATCH * NAME;
const SIZE = BODIES + BATCH * DATA;

type Transfer = (fd: number, messages: number, count: number, flags: number, timeout: number) => number;
const recvmmsg: () => Transfer = callable(
  "int recvmmsg(int fd, uintptr_t messages, unsigned int count, int flags, uintptr_t timeout)",
);
const sendmmsg: () => (fd: number, messages: number, count: number, flags: number) => number = callable(
  "int sendmmsg(int fd, uintptr_t messages, unsigned int count, int flags)",
);

/** Datagrams received with one call, and the answers to them, sent with another. */
export class DatagramBatch {
  /** All datagrams of the batch; `at` says where each begins. */
  readonly bytes: Uint8Array;
  readonly #fd: number;
  readonly #family: Family;
  readonly #arena: Arena;
  readonly #words: Uint32Array;
  #answers = 0;

  constructor(fd: number, family: Family) {
    this.#fd = fd;
    this.#family = family;
    this.#arena = openArena(SIZE);
    this.bytes = this.#arena.bytes;
    this.#words = new Uint32Array(this.#arena.bytes.buffer);
    REPLIES.forEach((reply, i) => {
      const data = REGISTER_PEER_RESPONSE[reply];
      this.bytes.set(data, REPLY_DATA + i * REPLY);
      this.#setPart(REPLY_PARTS + i * IOVEC, REPLY_DATA + i * REPLY, data.length);
    });
    for (let i = 0; i < BATCH; i++) {
      this.#setPart(PARTS + i * IOVEC, BODIES + i * DATA, MAX_DATAGRAM + 1);
      this.#setMessage(IN + i * MESSAGE.size, NAMES + i * NAME, PARTS + i * IOVEC);
    }
  }

  /** What has arrived; 0 when nothing has. */
  receive(): number {
    const count = recvmmsg()(this.#fd, this.#arena.address + IN, BATCH, MSG_DONTWAIT, 0);
    if (count >= 0) return count;
    const error = errno();
    if (error !== EAGAIN && error !== EINTR) throw systemError("recvmmsg");
    return 0;
  }

  at(i: number): number {
    return BODIES + i * DATA;
  }

  length(i: number): number {
    return this.#words[(IN + i * MESSAGE.size + MESSAGE.length) / 4] as number;
  }

  /** Whose it is; `from.address`: of `packedAddress`. */
  sender(i: number, from: { readonly address: Uint8Array; port: number }): void {
    from.port = readName(this.#family, this.bytes, NAMES + i * NAME, from.address);
    // The system has put there what it wrote; the next time it may write as much again.
    this.#words[(IN + i * MESSAGE.size + MESSAGE.nameSize) / 4] = nameSize(this.#family);
  }

  zone(i: number): number {
    return zoneOf(this.#family, this.bytes, NAMES + i * NAME);
  }

  answer(i: number, reply: (typeof REPLIES)[number]): void {
    const message = OUT + this.#answers++ * MESSAGE.size;
    this.#setMessage(message, NAMES + i * NAME, REPLY_PARTS + REPLIES.indexOf(reply) * IOVEC);
  }

  /** Sends the answers; how many of them the system did not take. */
  flush(): number {
    const count = this.#answers;
    this.#answers = 0;
    let unsent = 0;
    for (let done = 0; done < count; ) {
      const sent = sendmmsg()(this.#fd, this.#arena.address + OUT + done * MESSAGE.size, count - done, MSG_DONTWAIT);
      if (sent > 0) {
        done += sent;
        continue;
      }
      // The network is full: what is lost now is asked for again. Otherwise it is this one that can't be sent.
      if (errno() === EAGAIN) return unsent + count - done;
      unsent += 1;
      done += 1;
    }
    return unsent;
  }

  #setMessage(at: number, name: number, parts: number): void {
    this.#setPointer(at + MESSAGE.name, name);
    this.#words[(at + MESSAGE.nameSize) / 4] = nameSize(this.#family);
    this.#setPointer(at + MESSAGE.parts, parts);
    this.#words[(at + MESSAGE.partCount) / 4] = 1;
  }

  #setPart(at: number, data: number, length: number): void {
    this.#setPointer(at, data);
    this.#words[(at + 8) / 4] = length;
  }

  #setPointer(at: number, to: number): void {
    const address = this.#arena.address + to;
    this.#words[at / 4] = address;
    this.#words[at / 4 + 1] = address / 2 ** 32;
  }
}
