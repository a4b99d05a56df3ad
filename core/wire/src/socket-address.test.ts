import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { WireError } from "./errors.ts";
import { ipv4Number, ipv4Text } from "./ipv4.ts";
import { decodeSocketAddress, encodeSocketAddress } from "./socket-address.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

const page = readFileSync(new URL("../../../docs/protocol/wire.md", import.meta.url), "utf8");
const section = /### 10\.4 [\s\S]*?(?=\n### )/.exec(page)?.[0] ?? "";
const rows = [...section.matchAll(/^\| \[?([0-9a-f.:]+?)\]?:(\d+) \| (?:`0x([0-9a-f]+)`|—) \| `([0-9a-f]+)` \|$/gm)];

test("every address of the specification is mangled so, and comes back", () => {
  assert.equal(rows.length, 11);
  for (const [, host = "", port, salt = "0", mangled = ""] of rows) {
    const address = { host, port: Number(port) };
    assert.equal(hex(encodeSocketAddress(address, Number.parseInt(salt, 16))), mangled);
    assert.deepEqual(decodeSocketAddress(Uint8Array.from(Buffer.from(mangled, "hex"))), address);
  }
});

test("an IPv4 address inside an IPv6 one is mangled as the IPv4 one", () => {
  const expected = hex(encodeSocketAddress({ host: "1.2.3.4", port: 99 }, 12345));
  for (const host of ["::ffff:1.2.3.4", "::ffff:102:304"]) {
    assert.equal(hex(encodeSocketAddress({ host, port: 99 }, 12345)), expected);
  }
});

test("every address comes back, whatever the salt", () => {
  const port = fc.integer({ min: 0, max: 65535 });
  const salt = fc.integer({ min: 0, max: 0xffffffff });
  fc.assert(
    fc.property(fc.ipV4(), port, salt, (host, port, salt) => {
      assert.deepEqual(decodeSocketAddress(encodeSocketAddress({ host, port }, salt)), { host, port });
    }),
  );
  fc.assert(
    fc.property(fc.ipV6(), port, salt, (host, port, salt) => {
      const once = decodeSocketAddress(encodeSocketAddress({ host, port }, salt));
      assert.deepEqual(decodeSocketAddress(encodeSocketAddress(once, salt)), once);
      assert.equal(once.port, port);
    }),
  );
});

test("any bytes give an address or the absent one, and any text one or a WireError", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const { host, port } = decodeSocketAddress(bytes);
      assert.ok(host.length > 0 && port >= 0 && port <= 65535);
    }),
    { numRuns: 3000 },
  );
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(..."0123456789abcdef:.%[]") })), (host) => {
      try {
        encodeSocketAddress({ host, port: 1 }, 0);
      } catch (error) {
        assert.ok(error instanceof WireError && error.code === "malformed");
      }
    }),
    { numRuns: 3000 },
  );
});

test("an IPv4 address as a number, and nothing else is taken for one", () => {
  assert.equal(ipv4Number("1.2.3.4"), 0x04030201);
  assert.equal(ipv4Number("255.255.255.255"), 0xffffffff);
  assert.equal(ipv4Text(ipv4Number("192.0.2.250") ?? 0), "192.0.2.250");
  for (const text of [
    "",
    "1.2.3",
    "1.2.3.4.5",
    "1.2.3.256",
    "1..2.3",
    ".1.2.3.4",
    "1.2.3.4.",
    "::1",
    "1.2.3.4 ",
    "a.b.c.d",
  ])
    assert.equal(ipv4Number(text), undefined, text);
});
