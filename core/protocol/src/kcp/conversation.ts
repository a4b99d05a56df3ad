import type { Millis } from "../machine.ts";
import { DatagramPacker } from "./datagram-packer.ts";
import { type Acknowledgement, ReceiveWindow } from "./receive-window.ts";
import { SegmentCommand, segmentsIn } from "./segment.ts";
import { SendWindow } from "./send-window.ts";
import { ahead } from "./sequence.ts";
import type { SessionName } from "./session-header.ts";
import { WindowProbe } from "./window-probe.ts";

/** An acknowledgement may wait this long for others, ms: less than stock's 10, so that nobody takes it for a queue. */
const ACKNOWLEDGE_WITHIN = 2;
/** This many do not wait. */
const ACKNOWLEDGE_AT = 8;

const NOTHING: Uint8Array = new Uint8Array(0);

/**
 * The KCP of an open session: bytes both ways, each once and in order, whatever the network does. Stock's parameters
 * and behaviour on the wire; only when something is sent is our own (see Congestion). Nothing that arrives can make
 * it throw or grow beyond its windows. Source: docs/protocol/wire.md, section 5.4.
 */
export class Conversation {
  readonly #name: SessionName;
  readonly #began: Millis;
  readonly #ackVectors: boolean;
  readonly #packer: DatagramPacker;
  readonly #incoming = new ReceiveWindow();
  readonly #outgoing = new SendWindow();
  readonly #probe = new WindowProbe();
  #tellWindow = false;
  #acknowledgeAt: Millis | undefined;

  /** `ackVectors`: the peer is ours and takes them (docs/protocol/extensions.md, "9: datagrams"). */
  constructor(name: SessionName, ackVectors: boolean, now: Millis) {
    this.#name = name;
    this.#began = now;
    this.#ackVectors = ackVectors;
    this.#packer = new DatagramPacker(name);
  }

  /** Written and never sent yet, bytes. */
  get queuedBytes(): number {
    return this.#outgoing.queuedBytes;
  }

  /** What the path carries, bytes per second, 0 while unknown. A floor while there is little to send. */
  get bytesPerSecond(): number {
    return this.#outgoing.bytesPerSecond;
  }

  /** Mean round trip, ms; 0 while unknown. */
  get roundTrip(): number {
    return this.#outgoing.roundTrip;
  }

  /** Everything written has arrived. */
  get flushed(): boolean {
    return this.#outgoing.empty;
  }

  get readable(): boolean {
    return this.#incoming.readable;
  }

  /** The bytes are cut up later and must not change. */
  write(bytes: Uint8Array): void {
    this.#outgoing.write(bytes);
  }

  /** The next bytes, undefined when there are none yet. Reading makes room, which `flush` tells the peer. */
  read(): Uint8Array | undefined {
    return this.#incoming.read();
  }

  /** Room came back where there was none; the peer should hear of it at once. */
  takeRoomAgain(): boolean {
    if (!this.#incoming.takeRoomAgain()) return false;
    this.#tellWindow = true;
    return true;
  }

  /** A datagram without its session header. What is not KCP, or not of this conversation, is lost, all of it. */
  received(payload: Uint8Array, now: Millis): void {
    const segments = segmentsIn(payload, this.#name.conversation);
    if (segments === undefined) return;
    const clock = this.#clock(now);
    let newest: Acknowledgement | undefined;
    // Acknowledgements first: afterwards their segments may be gone with all the others, and nothing measured.
    for (const { command, number, timestamp, arrivedBefore, data } of segments) {
      if (command !== SegmentCommand.acknowledge) continue;
      const age = ahead(timestamp, clock);
      this.#outgoing.arrived(number, age, now);
      this.#outgoing.arrivedBeyond(arrivedBefore, data, now);
      if (newest === undefined || ahead(newest.number, number) > 0) newest = { number, timestamp };
    }
    for (const segment of segments) {
      this.#outgoing.remoteHasRoom(segment.window);
      this.#outgoing.arrivedBefore(segment.arrivedBefore, now);
      if (segment.command === SegmentCommand.push) this.#incoming.accept(segment);
      if (segment.command === SegmentCommand.askWindow) this.#tellWindow = true;
    }
    if (newest !== undefined) this.#outgoing.passedBy(newest.number, newest.timestamp);
    this.#outgoing.settle(now);
    this.#owe(now);
  }

  /** What is to be sent now, whole datagrams. */
  flush(now: Millis): readonly Uint8Array[] {
    const timestamp = this.#clock(now);
    const heading = { window: this.#incoming.room, arrivedBefore: this.#incoming.next };
    const add = (command: SegmentCommand, number: number, at: number, data: Uint8Array): void =>
      this.#packer.add({ ...heading, command, number, timestamp: at, data });
    if (this.#acknowledgeAt !== undefined) {
      const owed = this.#incoming.takeOwed();
      const last = owed.at(-1);
      // With a vector the last one says it all, and again until what is missing has come.
      if (this.#ackVectors && last !== undefined) {
        add(SegmentCommand.acknowledge, last.number, last.timestamp, this.#incoming.beyond());
      } else for (const { number, timestamp: at } of owed) add(SegmentCommand.acknowledge, number, at, NOTHING);
      this.#acknowledgeAt = undefined;
    }
    if (this.#probe.due(this.#outgoing.remoteWindow, now)) add(SegmentCommand.askWindow, 0, timestamp, NOTHING);
    if (this.#tellWindow) add(SegmentCommand.tellWindow, 0, timestamp, NOTHING);
    this.#tellWindow = false;
    for (const { number, data } of this.#outgoing.sendings(timestamp, now))
      add(SegmentCommand.push, number, timestamp, data);
    return this.#packer.take();
  }

  /** When to call `flush` next; infinity for not before something happens. */
  deadline(now: Millis): Millis {
    const soon = this.#tellWindow ? now : Number.POSITIVE_INFINITY;
    const never = Number.POSITIVE_INFINITY;
    return Math.min(soon, this.#acknowledgeAt ?? never, this.#probe.deadline ?? never, this.#outgoing.deadline(now));
  }

  /** Ms since the beginning, 32 bits. */
  #clock(now: Millis): number {
    return Math.floor(now - this.#began) % 2 ** 32;
  }

  #owe(now: Millis): void {
    const { owed } = this.#incoming;
    if (owed === 0) return;
    const soon = owed >= ACKNOWLEDGE_AT ? now : now + ACKNOWLEDGE_WITHIN;
    this.#acknowledgeAt = Math.min(this.#acknowledgeAt ?? Number.POSITIVE_INFINITY, soon);
  }
}
