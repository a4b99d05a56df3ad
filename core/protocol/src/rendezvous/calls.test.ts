import assert from "node:assert/strict";
import { test } from "node:test";
import {
  ConnType,
  decodeSocketAddress,
  encodeSocketAddress,
  NatType,
  type ServerMessage,
  type ServerMessageInit,
} from "@pulpit/wire";
import {
  bytes,
  crypto,
  HOST,
  hostKeys,
  ID,
  IdServer,
  onStream,
  RELAY,
  serverKeys,
  told,
  VIEWER,
  wire,
} from "../../test/id-server.ts";
import { openIdentity } from "../crypto/identity.ts";
import type { BrokerOptions } from "./broker-options.ts";

/** A server with one host online that lets everybody ask. */
function server(options: Partial<BrokerOptions> = {}): IdServer {
  const started = new IdServer({ requiredKey: undefined, ...options });
  started.register();
  return started;
}

/** What the host is told when a viewer asks for it. */
function called(idServer: IdServer, more: object = {}, from = onStream(VIEWER, 1)): ServerMessage {
  const effects = idServer.handle(
    { case: "punchHoleRequest", value: { id: ID, natType: NatType.ASYMMETRIC, ...more } },
    from,
  );
  assert.equal(effects.length, 1);
  const [effect] = effects;
  assert.ok(effect?.type === "sendDatagram");
  assert.deepEqual(effect.to, HOST);
  return wire(effect.message);
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
  const idServer = server();
  const socketAddr = handleOf(called(idServer));
  const value = { socketAddr, id: ID, natType: NatType.ASYMMETRIC, version: "1.4.9", relayServer: "" };
  const effects = idServer.handle({ case: "punchHoleSent", value }, onStream({ ...HOST, port: 50_077 }, 2));
  assert.ok(effects.some((effect) => effect.type === "close" && effect.connection === 2));
  const answer = told(effects);
  assert.ok(answer?.case === "punchHoleResponse");
  assert.deepEqual(decodeSocketAddress(answer.value.socketAddr), { ...HOST, port: 50_077 });
  assert.deepEqual(openIdentity(crypto, answer.value.pk, serverKeys.publicKey), { id: ID, key: hostKeys.publicKey });
  assert.equal(answer.value.relayServer, RELAY);
  assert.equal(answer.value.isUdp, false);
  assert.deepEqual(answer.value.union, { case: "natType", value: NatType.ASYMMETRIC });
});

test("a host that punched over UDP is told once, on the viewer's own connection, however often it says so", () => {
  const idServer = server();
  const socketAddr = handleOf(called(idServer, { udpPort: 4444 }));
  const from = { ...HOST, port: 50_099 };
  const sent: ServerMessageInit = { case: "punchHoleSent", value: { socketAddr, id: ID, version: "1.4.9" } };
  const first = idServer.handle(sent, from);
  const answer = told(first);
  assert.ok(answer?.case === "punchHoleResponse" && answer.value.isUdp);
  assert.equal(answer.value.relayServer, RELAY);
  assert.ok(
    first.every((effect) => effect.type !== "sendDatagram"),
    "nothing goes where a datagram names",
  );
  assert.deepEqual(idServer.handle(sent, from), []);
  assert.deepEqual(idServer.handle(sent, from), []);
});

test("two behind one address meet inside their network, unless a relay is wanted", () => {
  const idServer = server();
  const neighbour = onStream({ host: HOST.host, port: 41_000 }, 1);
  const call = called(idServer, {}, neighbour);
  assert.ok(call.case === "fetchLocalAddr" && call.value.relayServer === RELAY);
  const localAddr = encodeSocketAddress({ host: "192.168.1.5", port: 33_333 }, 3);
  // A host decodes and encodes the address anew: other bytes, the same address.
  const socketAddr = encodeSocketAddress(decodeSocketAddress(handleOf(call)), 99);
  const value = { socketAddr, localAddr, id: ID, version: "1.4.9" };
  const answer = told(idServer.handle({ case: "localAddr", value }, onStream({ ...HOST, port: 50_001 }, 2)));
  assert.ok(answer?.case === "punchHoleResponse");
  assert.deepEqual(answer.value.socketAddr, localAddr);
  assert.deepEqual(answer.value.union, { case: "isLocal", value: true });
  assert.equal(called(server(), { forceRelay: true }, neighbour).case, "punchHole");
  assert.equal(called(server(), {}, onStream({ host: HOST.host, port: 1 }, 1, true)).case, "punchHole");
});

test("an answer from another machine, for another ID, for nobody, or without an address reaches no viewer", () => {
  const idServer = server();
  const socketAddr = handleOf(called(idServer));
  const stranger = onStream({ host: "192.0.2.66", port: 1 }, 2);
  const host = onStream({ ...HOST, port: 50_001 }, 2);
  const other = encodeSocketAddress({ host: "198.51.100.3", port: 40_000 }, 1);
  const version = "1.4.9";
  assert.equal(
    told(idServer.handle({ case: "punchHoleSent", value: { socketAddr, id: ID, version } }, stranger)),
    undefined,
  );
  assert.equal(
    told(idServer.handle({ case: "localAddr", value: { socketAddr, localAddr: other, id: ID } }, stranger)),
    undefined,
  );
  assert.equal(
    told(idServer.handle({ case: "punchHoleSent", value: { socketAddr, id: "987654321" } }, host)),
    undefined,
  );
  assert.equal(told(idServer.handle({ case: "punchHoleSent", value: { socketAddr: other, id: ID } }, host)), undefined);
  assert.equal(
    told(idServer.handle({ case: "localAddr", value: { socketAddr, localAddr: bytes(0, 0), id: ID } }, host)),
    undefined,
  );
  // After all that the right one is still heard.
  assert.ok(told(idServer.handle({ case: "punchHoleSent", value: { socketAddr, id: ID, version } }, host)));
});

test("for a host so old that it says no version nothing is vouched for", () => {
  const idServer = server();
  const socketAddr = handleOf(called(idServer));
  const answer = told(idServer.handle({ case: "punchHoleSent", value: { socketAddr, id: ID } }, onStream(HOST, 2)));
  assert.ok(answer?.case === "punchHoleResponse" && answer.value.pk.length === 0);
});

/** The host's answers to a call: it goes to this relay, and the viewer dials it. */
function sentTo(idServer: IdServer, relayServer: string): ServerMessage[] {
  const version = "1.4.9";
  const host = onStream({ ...HOST, port: 50_001 }, 2);
  const uuid = "0b7e0c1e-0000-4000-8000-000000000000";
  const union = { case: "id" as const, value: ID };
  const relayed = { socketAddr: handleOf(called(idServer)), uuid, relayServer, version, union };
  const viaRelay = told(idServer.handle({ case: "relayResponse", value: relayed }, host));
  const punched = { socketAddr: handleOf(called(idServer)), id: ID, relayServer, version };
  const direct = told(idServer.handle({ case: "punchHoleSent", value: punched }, host));
  return [viaRelay, direct].filter((message) => message !== undefined);
}

test("a host sends no viewer to a relay that is not one of the server's, unless the server allows it", () => {
  const [refused, replaced] = sentTo(server(), "evil.example:22");
  assert.ok(refused?.case === "punchHoleResponse" && refused.value.otherFailure !== "");
  assert.ok(replaced?.case === "punchHoleResponse" && replaced.value.relayServer === RELAY);
  const [allowed, named] = sentTo(server({ foreignRelays: true }), "own.example:21117");
  assert.ok(allowed?.case === "relayResponse" && allowed.value.relayServer === "own.example:21117");
  assert.ok(named?.case === "punchHoleResponse" && named.value.relayServer === "own.example:21117");
});

test("a viewer sends no host to a relay of its choice; a server without a list takes the one the host named", () => {
  const wanted = (idServer: IdServer, relayServer: string): string | undefined => {
    const value = { id: ID, uuid: "u", relayServer, secure: true };
    const [effect] = idServer.handle({ case: "requestRelay", value }, onStream(VIEWER, 1));
    return effect?.type === "sendDatagram" && effect.message.case === "requestRelay"
      ? effect.message.value.relayServer
      : undefined;
  };
  assert.equal(wanted(server(), "evil.example:22"), RELAY);
  assert.equal(wanted(server(), RELAY), RELAY);
  const withoutList = server({ relays: { next: () => "", has: () => false } });
  assert.equal(wanted(withoutList, "evil.example:22"), undefined);
  sentTo(withoutList, "id.example:21117");
  assert.equal(wanted(withoutList, "id.example:21117"), "id.example:21117");
  assert.equal(wanted(withoutList, "evil.example:22"), "id.example:21117");
});

test("a wish for a relay with the wrong key, or for a host that is away, moves nobody", () => {
  const idServer = server({ requiredKey: "right" });
  const wish = (id: string, licenceKey: string, now: number): readonly string[] =>
    idServer
      .handle({ case: "requestRelay", value: { id, uuid: "u", licenceKey } }, onStream(VIEWER, 1), now)
      .map(({ type }) => type);
  assert.deepEqual(wish(ID, "wrong", 1000), ["close"]);
  assert.deepEqual(wish("987654321", "right", 1000), []);
  assert.deepEqual(wish(ID, "right", 60_000), []);
  // Stock viewers show none here.
  assert.deepEqual(wish(ID, "", 1000), ["sendDatagram"]);
});

test("where everything is relayed, nothing that leads to a direct connection reaches the host", () => {
  const v6 = encodeSocketAddress({ host: "2001:db8::9", port: 7 }, 0);
  const call = called(server({ alwaysRelay: true }), { udpPort: 4444, socketAddrV6: v6, webrtcSdpOffer: "webrtc://x" });
  assert.ok(call.case === "punchHole");
  const { forceRelay, natType, udpPort, socketAddrV6, webrtcSdpOffer } = call.value;
  assert.deepEqual([forceRelay, natType, udpPort, webrtcSdpOffer], [true, NatType.SYMMETRIC, 0, ""]);
  assert.equal(socketAddrV6.length, 0);
});

test("what only a server may say, a viewer can't say through the server", () => {
  const value = { id: ID, uuid: "u", token: "secret", licenceKey: "", controlPermissions: { permissions: 0xaaaan } };
  const [effect] = server().handle({ case: "requestRelay", value }, onStream(VIEWER, 1));
  assert.ok(effect?.type === "sendDatagram" && effect.message.case === "requestRelay");
  const told = wire(effect.message);
  assert.ok(told.case === "requestRelay");
  assert.equal(told.value.controlPermissions, undefined);
  assert.equal(told.value.token, "");
});

test("a tunnel of a stock viewer is not led over UDP, where it would die", () => {
  const v6 = encodeSocketAddress({ host: "2001:db8::9", port: 7 }, 0);
  for (const connType of [ConnType.PORT_FORWARD, ConnType.RDP]) {
    const call = called(server(), { udpPort: 4444, socketAddrV6: v6, connType });
    assert.ok(call.case === "punchHole" && call.value.udpPort === 0 && call.value.socketAddrV6.length === 0);
  }
});

test("a host with several ways out may answer by another one, where the server allows it or the network is its own", () => {
  const answeredFrom = (idServer: IdServer, host: string): boolean => {
    const value = { socketAddr: handleOf(called(idServer)), id: ID, version: "1.4.9" };
    return told(idServer.handle({ case: "punchHoleSent", value }, onStream({ host, port: 5 }, 2))) !== undefined;
  };
  assert.equal(answeredFrom(server(), "192.0.2.66"), false);
  assert.equal(answeredFrom(server({ answersFromAnywhere: true }), "192.0.2.66"), true);
});

test("a server about to stop introduces nobody and says so, and its devices stay registered", () => {
  const idServer = server();
  idServer.broker.drain();
  const call = told(idServer.handle({ case: "punchHoleRequest", value: { id: ID } }, onStream(VIEWER, 1)));
  assert.ok(call?.case === "punchHoleResponse" && /restart/.test(call.value.otherFailure));
  const wish = told(idServer.handle({ case: "requestRelay", value: { id: ID, uuid: "u" } }, onStream(VIEWER, 1)));
  assert.ok(wish?.case === "relayResponse" && /restart/.test(wish.value.refuseReason));
  const [beat] = idServer.answers({ case: "registerPeer", value: { id: ID } }, HOST);
  assert.ok(beat?.case === "registerPeerResponse" && !beat.value.requestPk);
});
