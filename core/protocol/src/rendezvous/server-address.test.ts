import assert from "node:assert/strict";
import { test } from "node:test";
import { parseIdServer } from "./server-address.ts";

test("an ID server is named by its port or by its web address", () => {
  assert.deepEqual(parseIdServer("id.example"), { host: "id.example", port: 21_116 });
  assert.deepEqual(parseIdServer("[2001:db8::1]:4000"), { host: "2001:db8::1", port: 4000 });
  assert.deepEqual(parseIdServer("wss://id.example"), { url: "wss://id.example", host: "id.example" });
  assert.deepEqual(parseIdServer("wss://id.example:8443/"), { url: "wss://id.example:8443", host: "id.example" });
  assert.deepEqual(parseIdServer("wss://[2001:db8::1]:4000"), { url: "wss://[2001:db8::1]:4000", host: "2001:db8::1" });
});

test("without TLS a web address is this computer's own, and nobody else's that looks like it", () => {
  for (const host of ["127.0.0.1", "localhost", "[::1]"]) assert.ok(parseIdServer(`ws://${host}:8080`));
  for (const host of ["id.example", "127.evil.example", "127.0.0.1.evil.example", "localhost.example", "[::2]"]) {
    assert.equal(parseIdServer(`ws://${host}`), undefined, host);
    assert.ok(parseIdServer(`wss://${host}`));
  }
});

test("what is more than scheme, host and port, or less, is no web address", () => {
  const wrong = [
    "wss://",
    "wss:///",
    "wss://a/ws/id",
    "wss://a?b",
    "wss://u@a",
    "wss://a:",
    "wss://a:0",
    "wss://a:65536",
  ];
  for (const text of [
    ...wrong,
    "https://a",
    "wss:a",
    "wss://2001:db8::1",
    "wss://[fe80::1%eth0]",
    "wss://a b",
    "WSS://a",
  ])
    assert.equal(parseIdServer(text), undefined, text);
});
