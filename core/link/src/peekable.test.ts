import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryLinks } from "./memory.ts";
import { peekable } from "./peekable.ts";

const bytes = (value: number): Uint8Array => Uint8Array.of(value);

test("a message that was looked at is still there, once, and in order", async () => {
  const [near, far] = memoryLinks();
  const link = peekable(near);
  const looking = [link.peek(), link.peek()];
  await far.send(bytes(1));
  await far.send(bytes(2));
  assert.deepEqual(await Promise.all(looking), [bytes(1), bytes(1)]);
  assert.deepEqual(await link.receive(), bytes(1));
  assert.deepEqual(await link.receive(), bytes(2));
  const next = link.peek();
  await far.close();
  assert.deepEqual([await next, await link.receive()], [undefined, undefined]);
});

test("looking at a link that breaks leaves the error to whoever takes", async () => {
  const [near, far] = memoryLinks();
  const link = peekable(near);
  void link.peek().catch(() => undefined);
  await far.close(new Error("cut"));
  await assert.rejects(async () => link.receive());
});
