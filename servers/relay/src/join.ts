import { type ByteStream, type Clock, type Link, pipe } from "@pulpit/link";
import { IDLE_LIMIT, MAX_MESSAGE } from "./config.ts";

/**
 * Carries everything between two paired parties until either leaves: bytes as they are between two TCP
 * parties, message by message otherwise. Source: docs/protocol/rendezvous.md, section 4.14.
 * Resolves with the payload bytes moved in both directions.
 */
export async function join(a: Link, b: Link, clock: Clock): Promise<number> {
  let moved = 0;
  let lastMove = clock.now();
  const count = (bytes: number): undefined => {
    moved += bytes;
    lastMove = clock.now();
  };
  let cancel = (): void => undefined;
  const watch = (): void => {
    cancel = clock.alarm(lastMove + IDLE_LIMIT, () => {
      if (clock.now() < lastMove + IDLE_LIMIT) watch();
      else void Promise.all([a.close(), b.close()]);
    });
  };
  watch();
  try {
    if (a.path.transport === "tcp" && b.path.transport === "tcp") await carry(a.detach(), b.detach(), count);
    else {
      a.limit(MAX_MESSAGE);
      b.limit(MAX_MESSAGE);
      await pipe(a, b, count);
    }
  } finally {
    cancel();
  }
  return moved;
}

/** Bytes both ways until either side ends; the other is closed then too. */
async function carry(a: ByteStream, b: ByteStream, count: (bytes: number) => void): Promise<void> {
  async function copy(from: ByteStream, to: ByteStream): Promise<void> {
    try {
      for (let bytes = await from.read(); bytes !== undefined; bytes = await from.read()) {
        count(bytes.length);
        await to.write(bytes);
      }
    } catch {
      // A party that broke off ends the pair like one that left; there is nobody to tell but the other.
    }
    await Promise.all([from.close(), to.close()]);
  }
  await Promise.all([copy(a, b), copy(b, a)]);
}
