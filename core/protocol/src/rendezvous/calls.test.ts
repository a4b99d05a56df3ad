import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeCrypto } from "@pulpit/crypto-node";
import {
  decodeServerMessage,
  decodeSocketAddress,
  encodeServerMessage,
  encodeSocketAddress,
  NatType,
  type ServerMessage,
  type ServerMessageInit,
} from "@pulpit/wire";
import { openIdentity } from "../crypto/identity.ts";
import { Broker, type BrokerEffect, type Sender } from "./broker.ts";
import type { Endpoint } from "./device.ts";

const crypto = nodeCrypto();
const bytes = (from: number, length = 32): Uint8Array => Uint8Array.from({ length }, (_, i) => (from + i) & 255);
const serverKeys = crypto.signKeyPair(bytes(1));
const hostKeys = crypto.signKeyPair(bytes(70));
const ID = "123456789";
const HOST: Endpoint = { host: "203.0.113.7", port: 50_000 };
const VIEWER: Endpoint = { host: "198.51.100.2", port: 40_000 };
const RELAY = "relay.example:21117";

const wire = (message: ServerMessageInit): ServerMessage => decodeServerMessage(encodeServerMessage(message));
const onStream = (endpoint: Endpoint, connection: number, relayOnly = false): Sender => ({
  type: "stream",
  connection,
  endpoint,
  relayOnly,
});

/** A server with one host online, and what it does about messages. */
function server(): (message: ServerMessageInit, from: Sender) => readonly BrokerEffect[] {
  const broker = new Broker({
    crypto,
    secretKey: serverKeys.secretKey,
    requiredKey: undefined,
    relayServer: RELAY,
    limits: { devices: 10, waitingViewers: 10 },
  });
  const handle = (message: ServerMessageInit, from: Sender): readonly BrokerEffect[] =>
    broker.handle(wire(message), from, undefined, 1000);
  const value = { id: ID, uuid: bytes(9, 16), pk: hostKeys.publicKey };
  handle({ case: "registerPk", value }, { type: "datagram", endpoint: HOST });
  return handle;
}

/** What the host is told when a viewer asks for it. */
function called(handle: ReturnType<typeof server>, more: object = {}, from = onStream(VIEWER, 1)): ServerMessage {
  const effects = handle({ case: "punchHoleRequest", value: { id: ID, natType: NatType.ASYMMETRIC, ...more } }, from);
  assert.equal(effects.length, 1);
  const [effect] = effects;
  assert.ok(effect?.type === "sendDatagram");
  assert.deepEqual(effect.to, HOST);
  return wire(effect.message);
}

/** What the viewer on connection 1 gets. */
function told(effects: readonly BrokerEffect[]): ServerMessage | undefined {
  const sent = effects.find((effect) => effect.type === "send" && effect.connection === 1);
  return sent?.type === "send" ? wire(sent.message) : undefined;
}

const handleOf = (call: ServerMessage): Uint8Array => {
  assert.ok(call.case === "punchHole" || call.case === "fetchLocalAddr");
  return call.value.socketAddr;
};

test("everything a host needs to punch is passed on to it", () => {
  const v6 = encodeSocketAddress({ host: "2001:db8::9", port: 7 }, 0);
  const call = called(server(), { udpPort: 4444, upnpPort: 5, socketAddrV6: v6, webrtcSdpOffer: "webrtc://x" });
  assert.ok(call.case === "punchHole");
  const { socketAddr, natType, relayServer, udpPort, upnpPort, socketAddrV6, webrtcSdpOffer, forceRelay } = call.value;
  assert.deepEqual(decodeSocketAddress(socketAddr), VIEWER);
  assert.deepEqual(
    [natType, relayServer, udpPort, upnpPort, webrtcSdpOffer, forceRelay],
    [NatType.ASYMMETRIC, RELAY, 4444, 5, "webrtc://x", false],
  );
  assert.deepEqual(socketAddrV6, v6);
});

test("a wish for a relay, and a viewer in a browser, are told to stock hosts the way they know", () => {
  for (const call of [called(server(), { forceRelay: true }), called(server(), {}, onStream(VIEWER, 1, true))]) {
    assert.ok(call.case === "punchHole" && call.value.forceRelay && call.value.natType === NatType.SYMMETRIC);
  }
});

test("a host that punched over TCP is dialled where its connection came from", () => {
  const handle = server();
  const socketAddr = handleOf(called(handle));
  const value = { socketAddr, id: ID, natType: NatType.ASYMMETRIC, version: "1.4.9", relayServer: "own.example:1" };
  const effects = handle({ case: "punchHoleSent", value }, onStream({ ...HOST, port: 50_077 }, 2));
  assert.ok(effects.some((effect) => effect.type === "close" && effect.connection === 2));
  const answer = told(effects);
  assert.ok(answer?.case === "punchHoleResponse");
  assert.deepEqual(decodeSocketAddress(answer.value.socketAddr), { ...HOST, port: 50_077 });
  assert.deepEqual(openIdentity(crypto, answer.value.pk, serverKeys.publicKey), { id: ID, key: hostKeys.publicKey });
  assert.equal(answer.value.relayServer, "own.example:1");
  assert.equal(answer.value.isUdp, false);
  assert.deepEqual(answer.value.union, { case: "natType", value: NatType.ASYMMETRIC });
});

test("a host that punched over UDP is told once, on the viewer's own connection, however often it says so", () => {
  const handle = server();
  const socketAddr = handleOf(called(handle, { udpPort: 4444 }));
  const from: Sender = { type: "datagram", endpoint: { ...HOST, port: 50_099 } };
  const sent: ServerMessageInit = { case: "punchHoleSent", value: { socketAddr, id: ID, version: "1.4.9" } };
  const first = handle(sent, from);
  const answer = told(first);
  assert.ok(answer?.case === "punchHoleResponse" && answer.value.isUdp);
  assert.equal(answer.value.relayServer, RELAY);
  assert.ok(
    first.every((effect) => effect.type !== "sendDatagram"),
    "nothing goes where a datagram names",
  );
  assert.deepEqual(handle(sent, from), []);
  assert.deepEqual(handle(sent, from), []);
});

test("two behind one address meet inside their network, unless a relay is wanted", () => {
  const handle = server();
  const neighbour = onStream({ host: HOST.host, port: 41_000 }, 1);
  const call = called(handle, {}, neighbour);
  assert.ok(call.case === "fetchLocalAddr" && call.value.relayServer === RELAY);
  const localAddr = encodeSocketAddress({ host: "192.168.1.5", port: 33_333 }, 3);
  // A host decodes and encodes the address anew: other bytes, the same address.
  const socketAddr = encodeSocketAddress(decodeSocketAddress(handleOf(call)), 99);
  const value = { socketAddr, localAddr, id: ID, version: "1.4.9" };
  const answer = told(handle({ case: "localAddr", value }, onStream({ ...HOST, port: 50_001 }, 2)));
  assert.ok(answer?.case === "punchHoleResponse");
  assert.deepEqual(answer.value.socketAddr, localAddr);
  assert.deepEqual(answer.value.union, { case: "isLocal", value: true });
  assert.equal(called(server(), { forceRelay: true }, neighbour).case, "punchHole");
  assert.equal(called(server(), {}, onStream({ host: HOST.host, port: 1 }, 1, true)).case, "punchHole");
});

test("an answer from another machine, for another ID, for nobody, or without an address reaches no viewer", () => {
  const handle = server();
  const socketAddr = handleOf(called(handle));
  const stranger = onStream({ host: "192.0.2.66", port: 1 }, 2);
  const host = onStream({ ...HOST, port: 50_001 }, 2);
  const other = encodeSocketAddress({ host: "198.51.100.3", port: 40_000 }, 1);
  const version = "1.4.9";
  assert.equal(told(handle({ case: "punchHoleSent", value: { socketAddr, id: ID, version } }, stranger)), undefined);
  assert.equal(
    told(handle({ case: "localAddr", value: { socketAddr, localAddr: other, id: ID } }, stranger)),
    undefined,
  );
  assert.equal(told(handle({ case: "punchHoleSent", value: { socketAddr, id: "987654321" } }, host)), undefined);
  assert.equal(told(handle({ case: "punchHoleSent", value: { socketAddr: other, id: ID } }, host)), undefined);
  assert.equal(
    told(handle({ case: "localAddr", value: { socketAddr, localAddr: bytes(0, 0), id: ID } }, host)),
    undefined,
  );
  // After all that the right one is still heard.
  assert.ok(told(handle({ case: "punchHoleSent", value: { socketAddr, id: ID, version } }, host)));
});

test("for a host so old that it says no version nothing is vouched for", () => {
  const handle = server();
  const socketAddr = handleOf(called(handle));
  const answer = told(handle({ case: "punchHoleSent", value: { socketAddr, id: ID } }, onStream(HOST, 2)));
  assert.ok(answer?.case === "punchHoleResponse" && answer.value.pk.length === 0);
});
