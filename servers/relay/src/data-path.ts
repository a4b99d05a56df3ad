import type { Log } from "@pulpit/link-node";
import { canSplice, closeDescriptor, duplicateOf, openSplicer, type Splicer } from "@pulpit/net-linux";
import { carryBytes, type Spoken } from "./carry-bytes.ts";
import { carryMessages } from "./carry-messages.ts";
import { MAX_PAIRS } from "./config.ts";
import type { Meter } from "./meter.ts";
import type { PairTable, Place } from "./pair-table.ts";
import type { Ready } from "./party.ts";

/** How bytes between two TCP parties move. */
export type DataPathType = "fast" | "portable";

/** Carries everything between two parties, by the best way there is. */
export interface DataPath {
  readonly type: DataPathType;
  /** `over` is called once, when both connections are closed. What it gives ends them. */
  carry(place: Place, first: Ready, second: Ready, over: () => void): () => void;
  close(): Promise<void>;
}

/** `wanted`: what the owner said; where the system can't, or its thread ends, it is the portable way. */
export async function openDataPath(wanted: DataPathType, pairs: PairTable, log: Log): Promise<DataPath> {
  const spliced = new Map<number, () => void>();
  let splicer: Splicer | undefined;
  const failed = (error: Error): void => {
    log.error("relay thread ended, going on without", { reason: error.message });
    splicer = undefined;
    for (const over of [...spliced.values()]) over();
  };
  if (wanted === "fast" && canSplice()) {
    const { allowances, progress } = pairs;
    const options = { allowances: allowances.shared, progress, maxPairs: MAX_PAIRS };
    try {
      splicer = await openSplicer(options, { ended: (pair) => spliced.get(pair)?.(), failed });
    } catch (error) {
      log.warn("no thread for relayed TCP", { reason: (error as Error).message });
    }
  }

  /** The thread has both connections from now on; nothing here holds on to anything of them. */
  function splice(thread: Splicer, { number, meter }: Place, both: Handed, over: () => void): () => void {
    spliced.set(number, () => {
      spliced.delete(number);
      over();
    });
    thread.join({ pair: number, ...both, slots: meter.slots });
    return () => {
      if (splicer === thread) thread.part(number);
      else spliced.get(number)?.();
    };
  }

  return {
    get type() {
      return splicer === undefined ? "portable" : "fast";
    },
    carry(place, first, second, over) {
      if (first.type !== "tcp" || second.type !== "tcp") return carryLinks(place.meter, first, second, over);
      const both = splicer === undefined ? undefined : handedOver(first, second);
      if (splicer !== undefined && both !== undefined) return splice(splicer, place, both, over);
      return carrySockets(place.meter, first, second, over);
    },
    async close() {
      await splicer?.close();
    },
  };
}

function carryLinks(meter: Meter, first: Ready, second: Ready, over: () => void): () => void {
  void carryMessages(first, second, meter).then(over);
  return () => {
    meter.release();
    hangUp(first);
    hangUp(second);
  };
}

function carrySockets(meter: Meter, first: Spoken, second: Spoken, over: () => void): () => void {
  carryBytes(first, second, meter, over);
  const [a, b] = [first.socket, second.socket];
  return () => {
    meter.release();
    a.destroy();
    b.destroy();
  };
}

/** Two connections that Node knows no more of. */
interface Handed {
  readonly first: number;
  readonly second: number;
  readonly toFirst: Uint8Array;
  readonly toSecond: Uint8Array;
}

/**
 * Second descriptors of both connections, and what was read of each and nobody took. Node's sockets go: it must not
 * read one more byte after that.
 */
function handedOver(first: Spoken, second: Spoken): Handed | undefined {
  if (first.socket.destroyed || second.socket.destroyed) return undefined;
  const firstFd = duplicateOf(first.socket);
  const secondFd = firstFd === undefined ? undefined : duplicateOf(second.socket);
  if (firstFd === undefined || secondFd === undefined) {
    if (firstFd !== undefined) closeDescriptor(firstFd);
    return undefined;
  }
  // From here on Node's sockets are of no use to anybody.
  const toSecond = everythingRead(first);
  const toFirst = everythingRead(second);
  first.socket.destroy();
  second.socket.destroy();
  return { first: firstFd, second: secondFd, toFirst, toSecond };
}

/** Including what Node has read ahead; it has been told to read no more. */
function everythingRead({ socket, unread }: Spoken): Uint8Array {
  const parts = [unread];
  for (let chunk = socket.read(); chunk !== null; chunk = socket.read()) parts.push(chunk as Uint8Array);
  return parts.length === 1 ? unread : Buffer.concat(parts);
}

function hangUp(party: Ready): void {
  if (party.type === "tcp") party.socket.destroy();
  else void party.link.close();
}
