import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeCrypto } from "@pulpit/crypto-node";
import type { DatagramSocket, Link } from "@pulpit/link";
import { canReadDatagrams } from "@pulpit/net-linux";
import { openIdentity } from "@pulpit/protocol";
import {
  decodeServerMessage,
  decodeSocketAddress,
  encodeServerMessage,
  encodeSocketAddress,
  NatType,
  type ServerMessage,
  type ServerMessageInit,
} from "@pulpit/wire";
import { ask, bytes, connected, datagrams, exchange, folder, LOCAL, received, started } from "../test/running.ts";

const ID = "123456789";
const VERSION = "1.4.9";
const UUID = "0b7e0c1e-0000-4000-8000-000000000000";
const FINGERPRINT = "sha-256 A0:A1";
const OFFER = `webrtc://${btoa(JSON.stringify({ sdp: `a=fingerprint:${FINGERPRINT}\r\n` }))}`;

/** A server with a host that registered by datagram, and a viewer's connection. */
async function scene(datagramPath: "fast" | "portable") {
  const stack = new AsyncDisposableStack();
  const place = stack.use(folder());
  const relayServers = ["relay.example:21117"];
  const server = stack.use(await started(place.path, { requireKey: false, datagramPath, relayServers }));
  assert.equal(server.stats().datagramPath, datagramPath);
  const { main } = server.ports;
  const host = await datagrams();
  stack.defer(() => host.close());
  await exchange(host, main, { case: "registerPk", value: { id: ID, uuid: bytes(1, 16), pk: bytes(7) } });
  const viewer = await connected(main);
  stack.defer(() => viewer.close());
  /** What a host says on a connection of its own, and the port it came from. */
  const answer = async (message: ServerMessageInit): Promise<void> => {
    const link = await connected(main);
    await link.send(encodeServerMessage(message));
    assert.equal(await link.receive(), undefined, "the server ends it");
  };
  return { main, server, host, viewer, answer, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

async function called(host: DatagramSocket): Promise<ServerMessage> {
  return decodeServerMessage((await host.receive())?.data ?? assert.fail("the socket was closed"));
}

async function wanted(viewer: Link, more: object = {}): Promise<void> {
  const value = { id: ID, natType: NatType.ASYMMETRIC, version: VERSION, ...more };
  await viewer.send(encodeServerMessage({ case: "punchHoleRequest", value }));
}

for (const path of canReadDatagrams() ? (["fast", "portable"] as const) : (["portable"] as const)) {
  test(`${path}: a viewer and a host behind one address are told each other's local one`, async () => {
    await using world = await scene(path);
    await wanted(world.viewer);
    const call = await called(world.host);
    assert.ok(call.case === "fetchLocalAddr" && call.value.relayServer === "relay.example:21117");
    const localAddr = encodeSocketAddress({ host: "192.168.1.5", port: 33_333 }, 1);
    const value = { socketAddr: call.value.socketAddr, localAddr, id: ID, version: VERSION };
    await world.answer({ case: "localAddr", value });
    const told = await received(world.viewer);
    assert.ok(told.case === "punchHoleResponse" && told.value.union.case === "isLocal");
    assert.deepEqual(decodeSocketAddress(told.value.socketAddr), { host: "192.168.1.5", port: 33_333 });
    const vouched = openIdentity(nodeCrypto(), told.value.pk, world.server.key.publicKey);
    assert.ok(vouched?.id === ID && Buffer.compare(vouched.key, bytes(7)) === 0);
  });

  test(`${path}: a host that punches by datagram is told to the viewer once, at the address it came from`, async () => {
    await using world = await scene(path);
    // An offer keeps the server from sending two of one address to their local ones.
    await wanted(world.viewer, { udpPort: 4444, webrtcSdpOffer: OFFER });
    const call = await called(world.host);
    assert.ok(call.case === "punchHole" && call.value.udpPort === 4444 && call.value.webrtcSdpOffer === OFFER);
    const punching = await datagrams();
    const value = { socketAddr: call.value.socketAddr, id: ID, natType: NatType.ASYMMETRIC, version: VERSION };
    for (let i = 0; i < 3; i++) {
      punching.send(encodeServerMessage({ case: "punchHoleSent", value }), { host: LOCAL, port: world.main });
    }
    const told = await received(world.viewer);
    assert.ok(told.case === "punchHoleResponse" && told.value.isUdp);
    assert.deepEqual(decodeSocketAddress(told.value.socketAddr), { host: LOCAL, port: punching.localPort });
    await punching.close();
    // The next thing the viewer hears is its own question's answer, not one more of the same.
    await world.viewer.send(encodeServerMessage({ case: "punchHoleRequest", value: { id: "999999999" } }));
    const next = await received(world.viewer);
    assert.ok(next.case === "punchHoleResponse" && next.value.socketAddr.length === 0);
  });

  test(`${path}: candidates travel between a viewer's connection and the host's registration`, async () => {
    await using world = await scene(path);
    await wanted(world.viewer, { webrtcSdpOffer: OFFER });
    const call = await called(world.host);
    assert.ok(call.case === "punchHole");
    const candidate = "candidate:1 1 udp 1 192.0.2.1 5 typ host";
    const spoken = { sessionKey: FINGERPRINT, candidate };
    await world.viewer.send(encodeServerMessage({ case: "iceCandidate", value: { id: ID, ...spoken } }));
    const atHost = await called(world.host);
    assert.ok(atHost.case === "iceCandidate" && atHost.value.candidate === candidate);
    const hosts = await connected(world.main);
    const { socketAddr } = call.value;
    await hosts.send(encodeServerMessage({ case: "iceCandidate", value: { socketAddr, ...spoken } }));
    const atViewer = await received(world.viewer);
    assert.ok(atViewer.case === "iceCandidate" && atViewer.value.candidate === candidate);
    await hosts.close();
  });

  test(`${path}: a relay that either side begins is agreed on, with a ticket for both`, async () => {
    await using world = await scene(path);
    await wanted(world.viewer, { forceRelay: true });
    const call = await called(world.host);
    assert.ok(call.case === "punchHole" && call.value.forceRelay);
    const union = { case: "id" as const, value: ID };
    const begun = { socketAddr: call.value.socketAddr, uuid: UUID, version: VERSION, union };
    await world.answer({ case: "relayResponse", value: begun });
    const told = await received(world.viewer);
    assert.ok(told.case === "relayResponse" && told.value.uuid === UUID && told.value.relayTicket.length > 64);
    assert.equal(told.value.relayServer, "relay.example:21117");

    const second = await connected(world.main);
    const wish = { id: ID, uuid: UUID, secure: true };
    await second.send(encodeServerMessage({ case: "requestRelay", value: wish }));
    const asked = await called(world.host);
    assert.ok(asked.case === "requestRelay" && asked.value.uuid === UUID && asked.value.secure);
    const answer = { socketAddr: asked.value.socketAddr, version: VERSION };
    await world.answer({ case: "relayResponse", value: answer });
    const agreed = await received(second);
    assert.ok(agreed.case === "relayResponse" && agreed.value.relayTicket.length > 64);
    await second.close();
  });
}

test("what is asked of the wrong port, or makes no sense here, is refused at once", async () => {
  await using world = await scene("portable");
  const refused = await ask(await connected(world.main), { case: "httpProxyRequest", value: { method: "GET" } });
  assert.ok(refused.case === "httpProxyResponse" && refused.value.error !== "");
  const kept = await ask(await connected(world.main), { case: "hc", value: { token: "signed in" } });
  assert.ok(kept.case === "registerPkResponse" && kept.value.keepAlive > 0);
  for (const message of [
    { case: "configureUpdate", value: { serial: 9 } },
    { case: "peerDiscovery", value: { cmd: "ping" } },
    { case: "hc", value: { token: "" } },
  ] satisfies ServerMessageInit[]) {
    const link = await connected(world.main);
    await link.send(encodeServerMessage(message));
    assert.equal(await link.receive(), undefined, message.case);
  }
});
