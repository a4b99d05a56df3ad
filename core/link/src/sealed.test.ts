import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeCrypto } from "@pulpit/crypto-node";
import { Opening, Sealing } from "@pulpit/protocol";
import type { Link } from "./link.ts";
import { memoryLinks } from "./memory.ts";
import { sealed } from "./sealed.ts";

const crypto = nodeCrypto();
const KEY = new Uint8Array(32).fill(7);
const text = (value: string): Uint8Array => Buffer.from(value);
const read = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString();

/** Two sealed ends, and the bare one that a meddler between them would have. */
function ends(): { a: Link; b: Link; between: Link } {
  const [bareA, between] = memoryLinks();
  const [, bareB] = memoryLinks();
  const toB = { ...bareB, receive: () => between.receive() };
  return {
    a: sealed(bareA, new Sealing(crypto, KEY), new Opening(crypto, KEY)),
    b: sealed(toB, new Sealing(crypto, KEY), new Opening(crypto, KEY)),
    between,
  };
}

/** What A sends, as it is on the way. */
async function onTheWay(...messages: string[]): Promise<{ b: Opening; sealed: Uint8Array[] }> {
  const { a, between } = ends();
  const seen: Uint8Array[] = [];
  for (const message of messages) {
    await a.send(text(message));
    seen.push((await between.receive()) as Uint8Array);
  }
  return { b: new Opening(crypto, KEY), sealed: seen };
}

/** A sealed end to which exactly these messages arrive. */
async function receiving(messages: readonly Uint8Array[]): Promise<Link> {
  const [from, to] = memoryLinks();
  for (const message of messages) await from.send(message);
  await from.close();
  return sealed(to, new Sealing(crypto, KEY), new Opening(crypto, KEY));
}

test("messages arrive as they were sent, and are unreadable on the way", async () => {
  const { sealed: seen } = await onTheWay("hello", "world");
  assert.ok(!Buffer.concat(seen).includes("hello"));
  const link = await receiving(seen);
  assert.deepEqual([read(await link.receive()), read(await link.receive())], ["hello", "world"]);
  assert.equal(await link.receive(), undefined);
});

test("a changed, repeated, left-out or swapped message is refused", async () => {
  const { sealed: seen } = await onTheWay("one", "two");
  const [one, two] = seen as [Uint8Array, Uint8Array];
  for (let i = 0; i < one.length; i++) {
    const changed = one.slice();
    changed[i] = (changed[i] as number) ^ 1;
    await assert.rejects((await receiving([changed])).receive(), { code: "decryption-failed" });
  }
  const repeated = await receiving([one, one]);
  await repeated.receive();
  await assert.rejects(repeated.receive(), { code: "decryption-failed" });
  await assert.rejects((await receiving([two])).receive(), { code: "decryption-failed" });
  await assert.rejects((await receiving([two, one])).receive(), { code: "decryption-failed" });
});

test("empty and one-byte messages, which anybody could inject, are dropped", async () => {
  const { sealed: seen } = await onTheWay("one");
  const link = await receiving([new Uint8Array(0), text("x"), seen[0] as Uint8Array]);
  assert.equal(read(await link.receive()), "one");
});
