import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decodeCandidate, placeOf } from "./candidate.ts";

const line = (address: string, port = "50000", rest = "typ host"): string =>
  `candidate:1 1 udp 2130706431 ${address} ${port} ${rest}`;

test("a browser's candidate and stock's are both understood, and a section is always named", () => {
  const base = { candidate: line("192.0.2.10") };
  const read = (extra: object): unknown => decodeCandidate(JSON.stringify({ ...base, ...extra }));
  const whole = { ...base, sdpMid: null, sdpMLineIndex: 0, usernameFragment: null };
  assert.deepEqual(read({ sdpMid: "0", sdpMLineIndex: 0, usernameFragment: "u" }), {
    ...whole,
    sdpMid: "0",
    usernameFragment: "u",
  });
  assert.deepEqual(read({ sdpMid: "", sdpMLineIndex: 0, usernameFragment: null }), whole);
  assert.deepEqual(read({ sdpMid: "" }), whole);
  assert.deepEqual(read({}), whole);
  assert.deepEqual(read({ sdpMid: "0", more: 1 }), { ...whole, sdpMid: "0", sdpMLineIndex: null });
});

test("what is no candidate is none: other JSON, other types, nothing said, too long", () => {
  const good = { candidate: line("192.0.2.10"), sdpMid: "0", sdpMLineIndex: 0, usernameFragment: "u" };
  for (const value of [
    null,
    [],
    5,
    "text",
    {},
    { ...good, candidate: "" },
    { ...good, candidate: " " },
    { ...good, candidate: 5 },
    { ...good, sdpMid: 0 },
    { ...good, sdpMid: "x".repeat(33) },
    { ...good, sdpMLineIndex: "0" },
    { ...good, sdpMLineIndex: -1 },
    { ...good, sdpMLineIndex: 0.5 },
    { ...good, usernameFragment: {} },
    { ...good, more: "x".repeat(1024) },
  ]) {
    assert.equal(decodeCandidate(JSON.stringify(value)), undefined, JSON.stringify(value));
  }
  assert.equal(decodeCandidate("{"), undefined);
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void decodeCandidate(text)));
});

test("a candidate leads to one machine, by address and by UDP, or nowhere", () => {
  const place = (text: string, loopback = false): string | undefined => {
    const found = placeOf(text, loopback);
    return found && `${found.address} ${found.port} ${found.kind}`;
  };
  assert.equal(place(line("192.0.2.10")), "192.0.2.10 50000 host");
  assert.equal(place(line("2001:db8::7", "1", "typ srflx raddr 0.0.0.0 rport 0")), "2001:db8::7 1 srflx");
  assert.equal(
    place(line("10.0.0.1", "9", "typ relay raddr 1.2.3.4 rport 5").replace("udp", "UDP")),
    "10.0.0.1 9 relay",
  );
  assert.equal(place(line("fe80::1")), "fe80::1 50000 host");
  assert.equal(place(line("127.0.0.1"), true), "127.0.0.1 50000 host");
  assert.equal(place(line("::1"), true), "::1 50000 host");
  for (const text of [
    "0.0.0.0",
    "0.1.2.3",
    "127.0.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "fe80::1%eth0",
    "3f2a.local",
    "example.com",
    "1.2.3",
    "1.2.3.4.5",
    "",
  ]) {
    assert.equal(place(line(text)), undefined, text);
  }
  for (const text of ["::", "0.0.0.0", "ff02::1", "example.com"]) assert.equal(place(line(text), true), undefined);
  for (const port of ["0", "65536", "-1", "1e3", "", "0x10"]) assert.equal(place(line("192.0.2.1", port)), undefined);
  assert.equal(place(line("192.0.2.1").replace("udp", "tcp")), undefined);
  assert.equal(place(line("192.0.2.1", "1", "typ other")), undefined);
  assert.equal(place(line("192.0.2.1", "1", "host")), undefined);
  assert.equal(place(`a=${line("192.0.2.1")}`), undefined);
  fc.assert(fc.property(fc.string(), (text) => void placeOf(text, true)));
});
