import assert from "node:assert/strict";
import type { NetworkInterfaceInfo } from "node:os";
import { test } from "node:test";
import { parseTarget } from "@pulpit/protocol";
import { ownAddresses } from "./own-addresses.ts";

const CARDS = {
  lo: [card("127.0.0.1", true), card("::1", true)],
  wlan0: [card("fe80::1"), card("fd12:3456::7"), card("2001:db8::7"), card("192.168.1.20")],
  wlan1: [card("192.168.1.20"), card("169.254.9.9")],
  tun0: [card("10.8.0.2"), card("203.0.113.5")],
};

function card(address: string, internal = false): NetworkInterfaceInfo {
  const common = { address, internal, netmask: "", mac: "", cidr: null };
  return address.includes(":") ? { ...common, family: "IPv6", scopeid: 0 } : { ...common, family: "IPv4" };
}

test("people are told the addresses they can type, IPv4 first, each once and without the usual port", () => {
  assert.deepEqual(ownAddresses(21_118, [], CARDS), ["192.168.1.20", "10.8.0.2", "fd12:3456::7"]);
  assert.deepEqual(ownAddresses(5000, [], CARDS), ["192.168.1.20:5000", "10.8.0.2:5000", "[fd12:3456::7]:5000"]);
  for (const address of ownAddresses(5000, [], CARDS)) {
    const parsed = parseTarget(address);
    assert.ok(parsed.type === "parsed" && parsed.target.type === "address" && parsed.target.port === 5000);
  }
});

test("public addresses are told once people may come from other networks than private ones", () => {
  assert.deepEqual(ownAddresses(21_118, ["0.0.0.0/0", "::/0"], CARDS), [
    ...["192.168.1.20", "10.8.0.2", "203.0.113.5"],
    ...["fd12:3456::7", "2001:db8::7"],
  ]);
});

test("a machine without a network has none, and this one has none that is its own alone", () => {
  assert.deepEqual(ownAddresses(21_118, [], { lo: CARDS.lo, gone: undefined }), []);
  assert.ok(ownAddresses(21_118, ["0.0.0.0/0", "::/0"]).every((address) => !/^127\.|^::1$|^fe80/.test(address)));
});
