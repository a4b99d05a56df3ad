import type { Arena } from "../libc.ts";

/** Room for one frame of the usual 1500 bytes and its header. Longer ones do not occur: the devices do not offload. */
export const FRAME_ROOM = 2048;
/** Frames under way at the most: 300 ms at 1 Gbit/s. */
const COUNT = 32_768;
/** Memory for all of them, bytes. */
export const FRAMES_SIZE: number = COUNT * FRAME_ROOM;

/** Memory for frames, each in a numbered place of its own, so that none is copied while it waits. */
export class Frames {
  readonly #arena: Arena;
  readonly #lengths = new Uint16Array(COUNT);
  readonly #free = Uint16Array.from({ length: COUNT }, (_, i) => COUNT - 1 - i);
  #freeCount = COUNT;

  /** `arena` is FRAMES_SIZE bytes. */
  constructor(arena: Arena) {
    this.#arena = arena;
  }

  /** A place that is free, or -1. The last one given back comes first, so that little memory is touched. */
  take(): number {
    if (this.#freeCount === 0) return -1;
    this.#freeCount -= 1;
    return this.#free[this.#freeCount] as number;
  }

  giveBack(frame: number): void {
    this.#free[this.#freeCount] = frame;
    this.#freeCount += 1;
  }

  /** Where the kernel reads and writes it. */
  address(frame: number): number {
    return this.#arena.address + frame * FRAME_ROOM;
  }

  length(frame: number): number {
    return this.#lengths[frame] as number;
  }

  setLength(frame: number, length: number): void {
    this.#lengths[frame] = length;
  }

  /** A second one with the same content, or -1. */
  copy(frame: number): number {
    const copy = this.take();
    if (copy === -1) return -1;
    const length = this.length(frame);
    const bytes = new Uint8Array(this.#arena.view.buffer);
    bytes.copyWithin(copy * FRAME_ROOM, frame * FRAME_ROOM, frame * FRAME_ROOM + length);
    this.setLength(copy, length);
    return copy;
  }

  /** The Ethernet address it is for, as a number of 48 bits. */
  destination(frame: number): number {
    return this.#mac(frame * FRAME_ROOM);
  }

  source(frame: number): number {
    return this.#mac(frame * FRAME_ROOM + 6);
  }

  /** Whether it asks who has an address: lines leave these alone, which on a real line do not exist. */
  isNeighbourTalk(frame: number): boolean {
    const at = frame * FRAME_ROOM;
    const { view } = this.#arena;
    const kind = view.getUint16(at + 12);
    if (kind === ETHERTYPE_ARP) return true;
    if (kind !== ETHERTYPE_IPV6 || view.getUint8(at + 20) !== PROTOCOL_ICMPV6) return false;
    const message = view.getUint8(at + 54);
    return message >= ROUTER_SOLICITATION && message <= NEIGHBOUR_ADVERTISEMENT;
  }

  #mac(at: number): number {
    const { view } = this.#arena;
    return view.getUint16(at) * 2 ** 32 + view.getUint32(at + 2);
  }
}

const ETHERTYPE_ARP = 0x0806;
const ETHERTYPE_IPV6 = 0x86dd;
const PROTOCOL_ICMPV6 = 58;
/** RFC 4861, section 4. */
const ROUTER_SOLICITATION = 133;
const NEIGHBOUR_ADVERTISEMENT = 136;

/** Whether an Ethernet address means everybody or a group. */
export function isGroup(mac: number): boolean {
  return Math.floor(mac / 2 ** 40) % 2 === 1;
}
