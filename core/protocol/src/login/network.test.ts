import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { addressBytes, isNetwork, NetworkList, prefixOf } from "./network.ts";

const hex = (text: string): string | undefined => {
  const bytes = addressBytes(text);
  return bytes && Buffer.from(bytes).toString("hex");
};
const MAPPED = "00000000000000000000ffff";

test("IPv4 in whatever dress is one address", () => {
  for (const text of [
    "192.0.2.1",
    "::ffff:192.0.2.1",
    "::FFFF:192.0.2.1",
    "::ffff:c000:201",
    "::ffff:c000:0201",
    "0:0:0:0:0:ffff:c000:201",
    "0000:0000:0000:0000:0000:FFFF:C000:0201",
    "0:0::ffff:192.0.2.1",
    "::ffff:192.0.2.1%eth0",
    // The wire's rule as well: docs/protocol/wire.md, the form of a stored address.
    "::192.0.2.1",
  ]) {
    assert.equal(hex(text), `${MAPPED}c0000201`, text);
  }
});

test("IPv6 is read in its short and its long forms, and zones don't count", () => {
  for (const text of [
    "fe80::1",
    "FE80::1",
    "fe80:0:0:0:0:0:0:1",
    "fe80:0000::0001",
    "fe80::1%eth0",
    "fe80::1%25",
    "fe80::1%",
  ]) {
    assert.equal(hex(text), "fe800000000000000000000000000001", text);
  }
  assert.equal(hex("::"), "0".repeat(32));
  assert.equal(hex("1::"), `0001${"0".repeat(28)}`);
});

test("what is no address is none", () => {
  for (const text of [
    ...[
      "",
      " ",
      "%",
      "%eth0",
      ":",
      ":::",
      "1:2:3",
      "1:2:3:4:5:6:7:8:9",
      "1::2::3",
      "::12345",
      "g::1",
      "[::1]",
      "[::1]:22",
    ],
    ...[
      "192.0.2",
      "192.0.2.1.1",
      "192.0.2.256",
      "192.0.2.-1",
      "192.0.2.1 ",
      " 192.0.2.1",
      "192.0.2.1:22",
      "0x7f.0.0.1",
    ],
    ...[
      "::ffff:192.0.2",
      "::ffff:192.0.2.256",
      "::ffff:192.0.2.1.1",
      "example.org",
      "localhost",
      "1e1.0.0.1",
      "١.٢.٣.٤",
    ],
    ...["fe80::1\n", "fe80::1%a\nb", "\u0000::1", ":".repeat(100_000), "1.".repeat(100_000)],
  ]) {
    assert.equal(addressBytes(text), undefined, JSON.stringify(text.slice(0, 40)));
  }
});

test("a block holds its addresses and no others", () => {
  for (const [entry, inside, outside] of [
    ["10.0.0.0/8", ["10.0.0.0", "10.255.255.255", "::ffff:10.1.2.3"], ["9.255.255.255", "11.0.0.0", "a00::"]],
    ["10.1.2.3/8", ["10.200.0.1"], ["11.1.2.3"]],
    ["192.0.2.1", ["192.0.2.1", "::ffff:192.0.2.1"], ["192.0.2.0", "192.0.2.2"]],
    ["192.0.2.1/32", ["192.0.2.1"], ["192.0.2.0"]],
    ["192.0.2.254/31", ["192.0.2.254", "192.0.2.255"], ["192.0.2.253"]],
    ["0.0.0.0/0", ["0.0.0.0", "255.255.255.255", "::ffff:1.2.3.4"], ["::1", "2001:db8::1"]],
    ["::/0", ["::1", "ffff::", "192.0.2.1"], []],
    ["2001:db8::/32", ["2001:db8::", "2001:db8:ffff:ffff::1", "2001:db8::1%eth0"], ["2001:db9::", "192.0.2.1"]],
    ["2001:db8::/33", ["2001:db8:7fff::"], ["2001:db8:8000::"]],
    ["::ffff:10.0.0.0/104", ["10.9.9.9", "::ffff:10.9.9.9"], ["11.0.0.0"]],
    ["fe80::/10", ["fe80::1%wlan0", "febf::1"], ["fec0::1"]],
  ] as const) {
    const list = new NetworkList([entry]);
    for (const address of inside) assert.ok(list.has(address), `${address} in ${entry}`);
    for (const address of outside) assert.ok(!list.has(address), `${address} not in ${entry}`);
  }
});

test("blanks around an entry don't count; what is no network matches nothing, and says so", () => {
  assert.ok(new NetworkList([" 192.0.2.1 ", "\t10.0.0.0/8"]).has("10.1.1.1"));
  for (const entry of [
    ...["", "/", "/8", "192.0.2.1/", "192.0.2.1/33", "192.0.2.1/-1", "192.0.2.1/8.0", "192.0.2.1/8/8", "192.0.2.1/0x8"],
    ...[
      "192.0.2.1/ 8",
      "2001:db8::/129",
      "2001:db8::/1e1",
      "2001:db8::/999",
      "fe80::1%eth0",
      "fe80::%eth0/64",
      "*",
      "192.0.2.*",
    ],
    ...["example.org", "10.0.0.0/255.0.0.0", "192.0.2.1-192.0.2.9", "١٠.0.0.0/8"],
  ]) {
    assert.ok(!isNetwork(entry), entry);
    assert.ok(!new NetworkList([entry]).has("192.0.2.1"), entry);
  }
});

test("who can't be placed is in no network, not even in that of everybody", () => {
  const everybody = new NetworkList(["0.0.0.0/0", "::/0"]);
  for (const address of ["", "unknown", "192.0.2.1/32", "999.0.0.1", "0.0.0.0/0"])
    assert.ok(!everybody.has(address), address);
});

const ipv4Bits = (text: string): bigint => text.split(".").reduce((sum, part) => sum * 256n + BigInt(part), 0xffffn);
/** Not IPv4 in disguise, not even with one bit changed. */
const groups = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { minLength: 6, maxLength: 6 })
  .map((rest) => [0x2001, 0xdb8, ...rest]);
const ipv6Bits = (parts: readonly number[]): bigint => parts.reduce((sum, part) => sum * 65_536n + BigInt(part), 0n);
const asText = (parts: readonly number[]): string => parts.map((part) => part.toString(16)).join(":");
/** One of a pair differs from the other in one bit, so that both answers come up. */
const flipped = (bits: bigint, at: number): bigint => bits ^ (1n << BigInt(at));

test("an IPv4 block holds an address if and only if the prefixes are equal", () => {
  fc.assert(
    fc.property(fc.ipV4(), fc.integer({ min: 0, max: 32 }), fc.integer({ min: 0, max: 31 }), (base, length, at) => {
      const other = flipped(ipv4Bits(base), at) & 0xffffffffn;
      const text = [24n, 16n, 8n, 0n].map((shift) => (other >> shift) & 255n).join(".");
      const equal = (ipv4Bits(base) & 0xffffffffn) >> BigInt(32 - length) === other >> BigInt(32 - length);
      assert.equal(new NetworkList([`${base}/${length}`]).has(text), equal);
      assert.equal(new NetworkList([`${base}/${length}`]).has(`::ffff:${text}`), equal);
    }),
  );
});

test("an IPv6 block holds an address if and only if the prefixes are equal", () => {
  fc.assert(
    fc.property(groups, fc.integer({ min: 0, max: 128 }), fc.integer({ min: 0, max: 127 }), (base, length, at) => {
      const other = flipped(ipv6Bits(base), at);
      const parts = Array.from({ length: 8 }, (_, i) => Number((other >> BigInt(16 * (7 - i))) & 0xffffn));
      const equal = ipv6Bits(base) >> BigInt(128 - length) === other >> BigInt(128 - length);
      assert.equal(new NetworkList([`${asText(base)}/${length}`]).has(asText(parts)), equal);
    }),
  );
});

test("prefixes for counting are equal if and only if the first bits are", () => {
  const bytes = fc.uint8Array({ minLength: 16, maxLength: 16 });
  fc.assert(
    fc.property(bytes, fc.integer({ min: 0, max: 127 }), fc.integer({ min: 1, max: 128 }), (address, at, bits) => {
      const other = Uint8Array.from(address);
      other[at >> 3] = (other[at >> 3] as number) ^ (0x80 >> (at & 7));
      assert.equal(prefixOf(address, bits) === prefixOf(other, bits), at >= bits);
    }),
  );
});

test("no text breaks it", () => {
  const nearly = fc
    .array(fc.constantFrom("1", "255", "f", "ffff", ":", "::", ".", "%", "/", "8", "128", " ", "\n", "x"))
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(fc.oneof(fc.string(), nearly), nearly, (entry, address) => {
      const list = new NetworkList([entry]);
      assert.equal(typeof list.has(address), "boolean");
      if (!isNetwork(entry)) assert.ok(!list.has(address));
    }),
  );
});
