import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeServerMessage, encodeServerMessage, encodeSocketAddress, NatType } from "@pulpit/wire";
import { Introduction, type ViewerWays } from "./introduction.ts";
import { type Plan, planOf } from "./invitation.ts";

const ALL = { tcp: true, udp: true, webrtc: true };
const IPV4 = { host: "203.0.113.7", port: 40_000 };
const IPV6 = { host: "2001:db8::7", port: 40_000 };

/** What a host with all abilities does about a call. */
function planFor(value: object): Plan {
  const sent = encodeServerMessage({ case: "punchHole", value });
  const message = decodeServerMessage(sent);
  assert.equal(message.case, "punchHole");
  return planOf(message as Parameters<typeof planOf>[0], ALL);
}

/** What a viewer with these ways asks for. */
function requestOf(ways: ViewerWays): { natType: NatType; forceRelay: boolean } {
  const [effect] = new Introduction({ hostId: "123456789", licenceKey: "", version: "1.4.9", ways }).handle(
    { type: "start" },
    0,
  );
  assert.ok(effect?.type === "send" && effect.message.case === "punchHoleRequest");
  const { natType, forceRelay } = effect.message.value;
  return { natType: natType as NatType, forceRelay: forceRelay ?? false };
}

const NO_WAYS: ViewerWays = { relayOnly: false, tcp: false, udpPort: 0, webrtc: "" };

test("a viewer with TCP or UDP is met directly, one with neither on the relay", () => {
  assert.deepEqual(requestOf({ ...NO_WAYS, tcp: true }), { natType: NatType.UNKNOWN_NAT, forceRelay: false });
  assert.deepEqual(requestOf({ ...NO_WAYS, udpPort: 5 }), { natType: NatType.UNKNOWN_NAT, forceRelay: false });
  assert.deepEqual(requestOf(NO_WAYS), { natType: NatType.SYMMETRIC, forceRelay: true });
});

test("a viewer that has IPv6 alone asks for the relay and leaves the host room for IPv6", () => {
  assert.deepEqual(requestOf({ ...NO_WAYS, ipv6: IPV6 }), { natType: NatType.SYMMETRIC, forceRelay: false });
  assert.equal(requestOf({ ...NO_WAYS, ipv6: IPV6, relayOnly: true }).forceRelay, true);
  const socketAddrV6 = encodeSocketAddress(IPV6, 0);
  const socketAddr = encodeSocketAddress(IPV4, 0);
  const plan = planFor({ socketAddr, natType: NatType.SYMMETRIC, socketAddrV6 });
  assert.deepEqual([plan.way, plan.ipv6], ["relay", IPV6]);
});

test("a UDP port counts together with an IPv4 address only", () => {
  const over4 = planFor({ socketAddr: encodeSocketAddress(IPV4, 0), udpPort: 5 });
  assert.deepEqual([over4.way, over4.viewer], ["udp", { host: IPV4.host, port: 5 }]);
  const over6 = planFor({ socketAddr: encodeSocketAddress(IPV6, 0), udpPort: 5 });
  assert.deepEqual([over6.way, over6.viewer], ["tcp", IPV6]);
});
