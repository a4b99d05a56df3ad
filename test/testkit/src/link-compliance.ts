import assert from "node:assert/strict";
import { test } from "node:test";
import { type Link, LinkError } from "@pulpit/link";

/** Two ends of one connection, with room for 16 MiB in a message, and how to end what they run over. */
export interface Pair extends AsyncDisposable {
  readonly a: Link;
  readonly b: Link;
}

const LARGE = 8 * 1024 * 1024;
/** Longer than anything here takes, ms: what hangs is told by its name. */
const timeout = 20_000;

const pattern = (length: number, seed: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i * 31 + seed * 17 + (i >> 8)) & 255);
const same = (a: Uint8Array | undefined, b: Uint8Array): boolean => a !== undefined && Buffer.compare(a, b) === 0;

/** Registers tests of everything a Link promises (core/link/src/link.ts). A new transport adds one call. */
export function linkCompliance(name: string, open: () => Promise<Pair>): void {
  const promise = (what: string, run: (pair: Pair) => Promise<void>): void => {
    test(`${name}: ${what}`, { timeout }, async () => {
      await using pair = await open();
      await run(pair);
    });
  };

  promise("messages arrive whole, in order and unchanged, both ways at once", async ({ a, b }) => {
    const sizes = [1, 0, 63, 64, 65, 16_383, 16_384, 70_000, LARGE, 3];
    const send = async (link: Link, seed: number): Promise<void> => {
      for (const [i, size] of sizes.entries()) await link.send(pattern(size, seed + i));
    };
    const receive = async (link: Link, seed: number): Promise<void> => {
      for (const [i, size] of sizes.entries())
        assert.ok(same(await link.receive(), pattern(size, seed + i)), `${size}`);
    };
    await Promise.all([send(a, 1), send(b, 100), receive(b, 1), receive(a, 100)]);
  });

  promise("what was sent before a close still arrives, then the end", async ({ a, b }) => {
    for (let i = 0; i < 50; i++) await a.send(pattern(1000, i));
    await a.close();
    for (let i = 0; i < 50; i++) assert.ok(same(await b.receive(), pattern(1000, i)));
    assert.equal(await b.receive(), undefined);
  });

  promise("closing ends a receive that is waiting, here and there, and may be done twice", async ({ a, b }) => {
    const here = a.receive().catch((error: unknown) => error);
    const there = b.receive().catch((error: unknown) => error);
    await a.close();
    await a.close();
    for (const end of [await here, await there]) assert.ok(end === undefined || end instanceof LinkError, String(end));
    await b.close();
  });

  promise("sending into a closed link is a LinkError", async ({ a }) => {
    await a.close();
    await assert.rejects(a.send(pattern(10, 1)), LinkError);
  });

  promise("a message above the limit is refused, one at it is taken", async ({ a, b }) => {
    b.limit(1000);
    await a.send(pattern(1000, 1));
    assert.ok(same(await b.receive(), pattern(1000, 1)));
    await a.send(pattern(1001, 2));
    await assert.rejects(b.receive(), (error) => error instanceof LinkError && error.code === "too-large");
  });

  promise("a link that breaks is told to who waits, as an end or a LinkError", async ({ a, b }) => {
    const there = b.receive().catch((error: unknown) => error);
    await a.close(new Error("broken on purpose"));
    const end = await there;
    assert.ok(end === undefined || end instanceof LinkError, String(end));
  });

  promise("it says how it runs", async ({ a }) => {
    assert.ok(["memory", "tcp", "websocket", "kcp", "webrtc"].includes(a.path.transport));
    assert.equal(typeof a.path.remote, "string");
    assert.ok(a.queuedBytes >= 0);
  });
}
