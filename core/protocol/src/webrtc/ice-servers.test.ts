import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { iceServersIn } from "./ice-servers.ts";

const shown = (text: string): string[] =>
  iceServersIn(text).map(({ scheme, host, port, user, password }) => `${scheme} ${host} ${port} ${user} ${password}`);

test("both forms of stock's option are understood, credentials as they stand", () => {
  assert.deepEqual(shown("stun:turn.example.com:3478, turn://rd:Secret123@turn.example.com:3479"), [
    "stun turn.example.com 3478  ",
    "turn turn.example.com 3479 rd Secret123",
  ]);
  assert.deepEqual(shown("stun://stun.example.com,stuns:a.example,turns://u:p%3D@b.example?transport=tcp"), [
    "stun stun.example.com 3478  ",
    "stuns a.example 3478  ",
    "turns b.example 3478 u p%3D",
  ]);
  assert.deepEqual(shown("stun:[2001:db8::1]:5#x"), ["stun 2001:db8::1 5  "]);
});

test("what makes no sense is left out, and nothing is added", () => {
  for (const text of [
    "",
    ",",
    "stun:",
    "http://example.com",
    "stun:example.com:0",
    "stun:example.com:65536",
    "stun:2001:db8::1",
    "stun:ex ample.com",
    "turn:example.com",
    "turn:u:p@example.com",
    "turn://example.com",
    "turn://user@example.com",
    "turn://:p@example.com",
    `stun:${"x".repeat(5000)}`,
  ]) {
    assert.deepEqual(shown(text), [], text);
  }
  assert.equal(shown("stun:a.example,".repeat(20)).length, 8);
  fc.assert(fc.property(fc.string(), (text) => void iceServersIn(text)));
});
