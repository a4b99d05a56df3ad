import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryLinks } from "./memory.ts";
import { pipe } from "./pipe.ts";

test("the last message of a party that leaves arrives, also when it was held back while the partner went on talking", async () => {
  const [a, relayA] = memoryLinks();
  const [relayB, b] = memoryLinks();
  const held = Promise.withResolvers<void>();
  let first = true;
  const over = pipe(relayA, relayB, () => {
    if (!first) return undefined;
    first = false;
    return held.promise;
  });
  await a.send(Uint8Array.of(1, 2, 3));
  await new Promise(setImmediate);
  await a.close();
  await b.send(Uint8Array.of(4));
  await new Promise(setImmediate);
  held.resolve();
  assert.deepEqual(await b.receive(), Uint8Array.of(1, 2, 3));
  assert.equal(await b.receive(), undefined);
  await over;
});

test("the end of one is the end of both, and empty messages are swallowed", async () => {
  const [a, relayA] = memoryLinks();
  const [relayB, b] = memoryLinks();
  let moved = 0;
  const over = pipe(relayA, relayB, (bytes) => {
    moved += bytes;
    return undefined;
  });
  await a.send(new Uint8Array(0));
  await a.send(Uint8Array.of(7));
  assert.deepEqual(await b.receive(), Uint8Array.of(7));
  await b.close();
  assert.equal(await a.receive(), undefined);
  await over;
  assert.equal(moved, 1);
});
