import assert from "node:assert/strict";
import { test } from "node:test";
import type { Gathered, OwnPlace } from "./facts.ts";
import { directOutcome, ipv6Outcome, natOutcome, udpOutcome } from "./judge-network.ts";

const outer = (port: number, address = "203.0.113.7", base = ""): OwnPlace => ({ address, port, kind: "srflx", base });
const inner = (address: string): OwnPlace => ({ address, port: 50_000, kind: "host", base: "" });
const heard = (places: readonly OwnPlace[], facts: Partial<Gathered> = {}): Gathered => ({
  places,
  hidden: false,
  complete: true,
  ...facts,
});
const nobody = heard([], { complete: false, hidden: true });

test("UDP gets through when a STUN server tells where it sees this device", () => {
  assert.equal(udpOutcome(heard([outer(41_000)])), "udp-through");
  assert.equal(udpOutcome(nobody), "udp-none");
  assert.equal(udpOutcome(heard([inner("192.168.1.5")])), "udp-none");
  assert.equal(udpOutcome("no-server"), "udp-no-server");
  assert.equal(udpOutcome("no-webrtc"), "udp-no-webrtc");
});

test("where no router translates, browsers do not repeat the device's own address", () => {
  const open = heard([inner("203.0.113.7")]);
  assert.equal(udpOutcome(open), "udp-through");
  assert.equal(natOutcome({ own: open, other: open, both: open }), "nat-none");
  // Still waiting for an answer: nothing is known.
  const waiting = heard([inner("203.0.113.7")], { complete: false });
  assert.equal(udpOutcome(waiting), "udp-none");
  assert.equal(natOutcome({ own: waiting, other: waiting, both: waiting }), "nat-unanswered");
});

test("a public IPv6 address is told from one of this network, and from one that the browser hides", () => {
  assert.equal(ipv6Outcome(heard([inner("2001:db8::7")])), "ipv6-there");
  assert.equal(ipv6Outcome(heard([outer(1, "2001:db8::7")], { hidden: true })), "ipv6-there");
  for (const address of ["fd00::2", "fe80::1", "203.0.113.7"]) {
    assert.equal(ipv6Outcome(heard([inner(address)])), "ipv6-none", address);
  }
  assert.equal(ipv6Outcome(heard([outer(41_000)], { hidden: true })), "ipv6-untold");
  assert.equal(ipv6Outcome(heard([])), "ipv6-untold");
  assert.equal(ipv6Outcome("no-webrtc"), "ipv6-untold");
});

test("a router that keeps the port is told from one that changes it, whether or not the browser hides the socket", () => {
  const own = heard([outer(41_000)]);
  // Each question alone comes from a socket of its own, so its port means nothing to the other.
  const other = heard([outer(52_000)]);
  const seen = (...both: readonly OwnPlace[]): string => natOutcome({ own, other, both: heard(both) });
  assert.equal(seen(outer(43_000)), "nat-same");
  assert.equal(seen(outer(43_000), outer(43_001)), "nat-changing");
  const base = "192.168.1.5 50000";
  assert.equal(seen(outer(43_000, "203.0.113.7", base)), "nat-same");
  assert.equal(seen(outer(43_000, "203.0.113.7", base), outer(43_001, "203.0.113.7", base)), "nat-changing");
});

test("two network cards behind the same router are not taken for two ports of one socket", () => {
  const own = heard([outer(41_000), outer(41_001)]);
  const other = heard([outer(42_000), outer(42_001)]);
  assert.equal(natOutcome({ own, other, both: heard([outer(43_000), outer(43_001)]) }), "nat-same");
  const changed = heard([43_000, 43_001, 43_002, 43_003].map((port) => outer(port)));
  assert.equal(natOutcome({ own, other, both: changed }), "nat-changing");
});

test("families are not compared with each other", () => {
  const own = heard([outer(41_000), outer(41_000, "2001:db8::7")]);
  const other = heard([outer(42_000)]);
  assert.equal(natOutcome({ own, other, both: heard([outer(43_000), outer(43_000, "2001:db8::7")]) }), "nat-same");
  const six = heard([outer(41_000, "2001:db8::7")]);
  assert.equal(natOutcome({ own: six, other: six, both: six }), "nat-same");
});

test("without two answers nothing is said about the router, nor with a server in the same network", () => {
  const own = heard([outer(41_000)]);
  assert.equal(natOutcome({ own, other: nobody, both: own }), "nat-unanswered");
  assert.equal(natOutcome({ own: nobody, other: own, both: own }), "nat-unanswered");
  assert.equal(natOutcome({ own, other: "no-server", both: "no-server" }), "nat-untold");
  assert.equal(natOutcome({ own: "no-webrtc", other: "no-webrtc", both: "no-webrtc" }), "nat-untold");
  const near = heard([outer(41_000, "192.168.1.5")]);
  assert.equal(natOutcome({ own: near, other: near, both: near }), "nat-near");
});

test("what can be expected of direct connections follows from all of it", () => {
  assert.equal(directOutcome("udp-through", "ipv6-untold", "nat-same"), "direct-likely");
  assert.equal(directOutcome("udp-through", "ipv6-untold", "nat-none"), "direct-likely");
  assert.equal(directOutcome("udp-through", "ipv6-there", "nat-untold"), "direct-unsure");
  assert.equal(directOutcome("udp-through", "ipv6-none", "nat-changing"), "direct-some");
  assert.equal(directOutcome("udp-through", "ipv6-there", "nat-changing"), "direct-some-over6");
  assert.equal(directOutcome("udp-through", "ipv6-untold", "nat-near"), "direct-near");
  assert.equal(directOutcome("udp-none", "ipv6-there", "nat-unanswered"), "direct-relay");
  assert.equal(directOutcome("udp-no-webrtc", "ipv6-untold", "nat-untold"), "direct-relay");
  assert.equal(directOutcome("udp-no-server", "ipv6-untold", "nat-untold"), "direct-unknown");
});
