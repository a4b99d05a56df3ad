import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Link, LinkError, memoryLinks } from "./index.ts";
import { type Meaning, MovingLink } from "./moving-link.ts";

const LAST = 255;
const understand = (message: Uint8Array): Meaning => {
  if (message[0] === LAST) return "moved";
  return message[0] === 254 ? "news" : "message";
};
const failsWith = (code: string) => (error: unknown) => error instanceof LinkError && error.code === code;

interface Pair {
  readonly a: MovingLink;
  readonly b: MovingLink;
  readonly first: readonly [Link, Link];
  readonly second: readonly [Link, Link];
}

function pair(): Pair {
  const first = memoryLinks();
  const second = memoryLinks();
  return { a: new MovingLink(first[0], understand), b: new MovingLink(first[1], understand), first, second };
}

test("whenever each end moves, everything arrives once and in order, both ways", async () => {
  const moment = fc.integer({ min: 0, max: 20 });
  await fc.assert(
    fc.asyncProperty(moment, moment, async (atA, atB) => {
      const { a, b, second } = pair();
      const got: [number[], number[]] = [[], []];
      const read = async (link: Link, into: number[]): Promise<void> => {
        while (into.length < 20) into.push((await link.receive())?.[0] ?? -1);
      };
      const reading = [read(a, got[0]), read(b, got[1])];
      for (let i = 0; i < 20; i++) {
        if (i === atA) a.move(second[0], Uint8Array.of(LAST));
        if (i === atB) b.move(second[1], Uint8Array.of(LAST));
        await a.send(Uint8Array.of(i));
        await b.send(Uint8Array.of(100 + i));
      }
      if (atA === 20) a.move(second[0], Uint8Array.of(LAST));
      if (atB === 20) b.move(second[1], Uint8Array.of(LAST));
      await Promise.all(reading);
      assert.deepEqual(
        got[1],
        Array.from({ length: 20 }, (_, i) => i),
      );
      assert.deepEqual(
        got[0],
        Array.from({ length: 20 }, (_, i) => 100 + i),
      );
    }),
    { numRuns: 50 },
  );
});

test("news is for whoever arranges the move; it stays where it is when that comes to nothing", async () => {
  const { a, b } = pair();
  await a.send(Uint8Array.of(254));
  await a.send(Uint8Array.of(1));
  assert.deepEqual([...((await b.receive()) ?? [])], [1]);
  b.stay(new LinkError("timed-out", "no path was found in time"));
  await a.send(Uint8Array.of(2));
  assert.deepEqual([...((await b.receive()) ?? [])], [2]);
  await a.send(Uint8Array.of(LAST));
  await assert.rejects(b.receive(), failsWith("timed-out"));
});

test("while a move is under way what is large waits for it, and what comes after it; the rest does not", async () => {
  const { a, b, first, second } = pair();
  const onFirst: number[] = [];
  const send = first[0].send.bind(first[0]);
  first[0].send = (message) => {
    onFirst.push(message[0] ?? -1);
    return send(message);
  };
  const large = (number: number): Uint8Array => new Uint8Array(4096).fill(number);
  const got = async (): Promise<number | undefined> => (await b.receive())?.[0];
  a.hold();
  const sent = [a.send(Uint8Array.of(1)), a.send(large(2)), a.send(Uint8Array.of(3))];
  assert.equal(await got(), 1);
  assert.equal(a.queuedBytes, 4097);
  a.move(second[0], Uint8Array.of(LAST));
  b.move(second[1], Uint8Array.of(LAST));
  sent.push(a.send(Uint8Array.of(4)));
  assert.deepEqual([await got(), await got(), await got()], [2, 3, 4]);
  await Promise.all(sent);
  assert.deepEqual(onFirst, [1, LAST]);
  assert.equal(a.queuedBytes, 0);

  const staying = pair();
  staying.a.hold();
  const waiting = staying.a.send(large(5));
  staying.a.stay(new LinkError("timed-out", "no path was found in time"));
  await waiting;
  assert.equal((await staying.b.receive())?.[0], 5);

  const closing = pair();
  closing.a.hold();
  void closing.a.send(large(6));
  const closed = closing.a.close();
  assert.equal((await closing.b.receive())?.[0], 6);
  assert.equal(await closing.b.receive(), undefined);
  await closed;
});

test("an end that is told to follow waits for its own second link, and for nothing once it has closed", async () => {
  const { a, b, second } = pair();
  a.move(second[0], Uint8Array.of(LAST));
  await a.send(Uint8Array.of(7));
  const waiting = b.receive();
  b.move(second[1], Uint8Array.of(LAST));
  assert.deepEqual([...((await waiting) ?? [])], [7]);

  const other = pair();
  other.a.move(other.second[0], Uint8Array.of(LAST));
  const given = other.b.receive();
  await new Promise(setImmediate);
  await other.b.close();
  assert.equal(await given, undefined);
  // What comes up too late has no use.
  other.b.move(other.second[1], Uint8Array.of(LAST));
  await assert.rejects(other.second[1].send(Uint8Array.of(1)), failsWith("closed"));
});

test("closing closes both; the bound holds for both, set before the move or after it", async () => {
  const { a, b, first, second } = pair();
  b.limit(3);
  a.move(second[0], Uint8Array.of(LAST));
  b.move(second[1], Uint8Array.of(LAST));
  await a.send(new Uint8Array(4));
  await assert.rejects(b.receive(), failsWith("too-large"));
  b.limit(4);
  await a.send(new Uint8Array(4));
  assert.equal((await b.receive())?.length, 4);
  assert.equal(a.queuedBytes, 0);
  await a.close();
  assert.equal(await b.receive(), undefined);
  await assert.rejects(first[0].send(Uint8Array.of(1)), failsWith("closed"));
  await assert.rejects(second[0].send(Uint8Array.of(1)), failsWith("closed"));
});

test("bytes of strangers are not understood: who detaches before the move stays", async () => {
  const { a, b, second } = pair();
  const [from, to] = [a.detach(), b.detach()];
  // What comes up only now would put its last word among the bytes.
  a.move(second[0], Uint8Array.of(LAST));
  await assert.rejects(second[0].send(Uint8Array.of(1)), failsWith("closed"));
  await from.write(Uint8Array.of(LAST), Uint8Array.of(), Uint8Array.of(254));
  assert.deepEqual([...((await to.read()) ?? [])], [LAST]);
  assert.deepEqual([...((await to.read()) ?? [])], [254]);

  const moved = pair();
  moved.a.move(moved.second[0], Uint8Array.of(LAST));
  moved.b.move(moved.second[1], Uint8Array.of(LAST));
  const [sender, reader] = [moved.a.detach(), moved.b.detach()];
  await sender.write(Uint8Array.of(LAST, 1));
  assert.deepEqual([...((await reader.read()) ?? [])], [LAST, 1]);
});
