import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryLinks } from "@pulpit/link";
import fc from "fast-check";
import type { Reached } from "../reach.ts";
import { bridgeGreetingIn } from "./greeting.ts";
import { type BridgeNews, bridgeNewsIn, bridgeReached } from "./news.ts";
import { type BridgeWish, bridgeWishIn } from "./wish.ts";

const FINGERPRINT = Array.from({ length: 16 }, () => "01ab").join(" ");

function reached(change: Partial<Reached> = {}): Reached {
  const [link] = memoryLinks();
  const host = { name: "udp", hostId: "123456789", encrypted: true, hostKey: new Uint8Array(32).fill(171) };
  return { link, ...host, ways: [{ name: "udp", outcome: "won" }], ...change };
}

test("what a page wants arrives as it was said", () => {
  const wishes: BridgeWish[] = [
    { relayOnly: false, avoid: [] },
    { relayOnly: true, avoid: ["udp", "ipv6"], accepted: FINGERPRINT },
  ];
  for (const wish of wishes) assert.deepEqual(bridgeWishIn(JSON.stringify(wish)), wish);
});

test("what is no wish is none", () => {
  for (const wrong of [
    {},
    { relayOnly: "yes", avoid: [] },
    { relayOnly: true, avoid: "udp" },
    { relayOnly: true, avoid: [1] },
    { relayOnly: true, avoid: Array.from({ length: 17 }, () => "udp") },
    { relayOnly: true, avoid: ["../x"] },
    { relayOnly: true, avoid: [], accepted: "01ab" },
    { relayOnly: true, avoid: [], accepted: FINGERPRINT.toUpperCase() },
  ]) {
    assert.equal(bridgeWishIn(JSON.stringify(wrong)), undefined, JSON.stringify(wrong));
  }
});

test("news arrive as they were told, with the key of a host that proved it", () => {
  const told: BridgeNews[] = [
    { type: "found", trying: ["lan", "relay"] },
    { type: "up" },
    bridgeReached(reached()),
    bridgeReached(reached({ hostKey: undefined, encrypted: false, name: "address", hostId: "10.0.0.1:80" })),
    { type: "ended", end: { code: "key-changed", pinned: FINGERPRINT, offered: FINGERPRINT } },
    { type: "ended", end: { code: "refused", detail: "No <b>way</b>" } },
  ];
  for (const news of told) assert.deepEqual(bridgeNewsIn(JSON.stringify(news)), news);
  assert.equal((told[2] as { hostKey?: string }).hostKey, "ab".repeat(32));
});

test("news that make no sense are none: least of all an encrypted session without a key", () => {
  const good = bridgeReached(reached());
  for (const wrong of [
    null,
    [],
    "up",
    { type: "else" },
    { type: "found", trying: "all" },
    { type: "ended" },
    { type: "ended", end: { code: 7 } },
    { type: "ended", end: { code: "lost", detail: {} } },
    { ...good, hostKey: undefined },
    { ...good, hostKey: "ab" },
    { ...good, encrypted: 1 },
    { ...good, path: { ...good.path, route: "magic" } },
    { ...good, path: { ...good.path, remote: "x".repeat(1000) } },
    { ...good, ways: [{ name: "udp" }] },
    { ...good, name: "<script>" },
  ]) {
    assert.equal(bridgeNewsIn(JSON.stringify(wrong)), undefined, JSON.stringify(wrong));
  }
});

test("a page's greeting is whole or none", () => {
  const greeting = { key: "k", name: "192.168.1.20", ask: true, identity: { id: "1", name: "Ada", platform: "Linux" } };
  assert.deepEqual(bridgeGreetingIn(JSON.stringify(greeting)), greeting);
  for (const wrong of [
    {},
    { ...greeting, key: 1 },
    { ...greeting, identity: {} },
    { ...greeting, name: "x".repeat(600) },
  ]) {
    assert.equal(bridgeGreetingIn(JSON.stringify(wrong)), undefined);
  }
});

test("no text makes a reader throw", () => {
  const readers = [bridgeWishIn, bridgeNewsIn, bridgeGreetingIn];
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      for (const reader of readers) reader(text);
    }),
  );
});
