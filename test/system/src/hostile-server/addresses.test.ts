import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { nodeCrypto, nodeRandom } from "@pulpit/crypto-node";
import { type KeyPair, signIdentity } from "@pulpit/protocol";
import { nodeHostWays, nodeViewerWays } from "@pulpit/ways-node";
import {
  decodeMessage,
  encodeFrame,
  encodeMessage,
  encodeSocketAddress,
  FrameReader,
  type PeerMessageInit,
  type PunchHoleResponse,
  type ServerMessageInit,
} from "@pulpit/wire";
import { connected, endCode, ended, lookAt, memoryKnownHosts } from "../node-viewer.ts";
import { type SharedHost, startHost, startServers } from "../world.ts";
import { type Lie, LyingServer } from "./lying-server.ts";
import { stillDesktop } from "./still-desktop.ts";
import { tcpListener } from "./strangers.ts";

const timeout = 20_000;
const options = { random: nodeRandom(), iceServers: [] };
const { tcp } = nodeViewerWays(options);
const ways = tcp === undefined ? {} : { tcp };
const crypto = nodeCrypto();
const [identity, forged] = [1, 2].map((seed) => crypto.signKeyPair(new Uint8Array(32).fill(seed))) as [
  KeyPair,
  KeyPair,
];
const stack = new AsyncDisposableStack();
let liar: LyingServer;
let host: SharedHost;
/** Another host of the same server, to which viewers are sent who want the first. */
let other: SharedHost;

before(async () => {
  const servers = stack.use(await startServers());
  liar = stack.use(await LyingServer.start(servers));
  host = stack.use(await startHost(liar.servers, stillDesktop(), { identity, ways: nodeHostWays(options) }));
  liar.expectHost();
  other = stack.use(await startHost(liar.servers, stillDesktop(), { ways: nodeHostWays(options) }));
});
after(() => stack.disposeAsync());
beforeEach(() => {
  liar.lie = () => "truth";
  liar.seen.length = 0;
});

/** Every answer to a viewer is changed like this. */
function answering(change: (answer: PunchHoleResponse) => Partial<PunchHoleResponse>): Lie {
  return ({ message }) => {
    if (message.case !== "punchHoleResponse") return "truth";
    return { case: "punchHoleResponse", value: { ...message.value, ...change(message.value) } } as ServerMessageInit;
  };
}

/** … so that it sends them to this port of the same machine. */
const pointingAt = (port: number): Lie =>
  answering(() => ({ socketAddr: encodeSocketAddress({ host: "127.0.0.1", port }, 0) }));

/** What a host says first. `by`: whose key signs; nobody knows the secret of the key that is signed. */
function proof(id: string, by: KeyPair): Uint8Array {
  const signed = signIdentity(crypto, { id, key: crypto.boxKeyPair(nodeRandom().bytes(32)).publicKey }, by.secretKey);
  return framedMessage({ case: "signedId", value: { id: signed } });
}

function framedMessage(message: PeerMessageInit): Uint8Array {
  return encodeFrame(encodeMessage(message));
}

/** How a viewer gets to the host, or how it ends. */
async function lookedAt(how: Parameters<typeof lookAt>[2] = {}): Promise<string> {
  const password = await host.freshPassword();
  const viewer = lookAt(liar.servers, host.id, { password, tcp: true, ways, ...how });
  const state = await viewer.until((now) => connected(now) || ended(now));
  viewer.session.close();
  if (!connected(state)) return `${endCode(state)}`;
  await viewer.until(ended);
  return `${state.connection?.path.route}`;
}

const entries = (of: SharedHost): number => of.events.filter(({ type }) => type === "viewerJoined").length;

test("with a server that tells the truth the viewer comes directly", { timeout }, async () => {
  assert.equal(await lookedAt(), "direct");
});

test("a viewer that is sent to a listener tells it nothing and takes the relay", { timeout }, async () => {
  await using attacker = await tcpListener();
  liar.lie = pointingAt(attacker.port);
  assert.equal(await lookedAt(), "relay");
  assert.deepEqual(
    attacker.heard.map(({ length }) => length),
    [0],
  );
});

test("nor does it tell anything to one who proves to be somebody else", { timeout }, async () => {
  await using attacker = await tcpListener((socket) => socket.write(proof(host.id, forged)));
  liar.lie = pointingAt(attacker.port);
  assert.equal(await lookedAt(), "relay");
  assert.deepEqual(
    attacker.heard.map(({ length }) => length),
    [0],
  );
});

test("who shows a proof of the host that he has overheard gets a sealed key, and no login", { timeout }, async () => {
  const challenge = framedMessage({ case: "hash", value: { salt: "salt", challenge: "challenge" } });
  await using attacker = await tcpListener((socket) => {
    socket.write(proof(host.id, identity));
    socket.once("data", () => socket.write(challenge));
  });
  liar.lie = pointingAt(attacker.port);
  const joined = entries(host);
  assert.equal(await lookedAt(), "tampered");
  assert.equal(entries(host), joined);
  const frames = attacker.heard.flatMap((bytes) => [...framesIn(bytes)]);
  assert.deepEqual(
    frames.map((frame) => decodeMessage(frame).case),
    ["publicKey"],
  );
});

test("a viewer that is sent to another host of the server does not log in there", { timeout }, async () => {
  assert.equal(await lookedAt(), "direct");
  const vouched = liar.lastAnswer.pk;
  const answers = answering(() => ({ pk: vouched }));
  liar.lie = (passing) => {
    const { message } = passing;
    if (message.case !== "punchHoleRequest") return answers(passing);
    return { case: "punchHoleRequest", value: { ...message.value, id: other.id } } as ServerMessageInit;
  };
  assert.equal(await lookedAt(), "relay");
  const refused = await other.until(({ type }) => type === "viewerRefused");
  assert.equal(refused.type === "viewerRefused" && refused.why, "closed");
  assert.equal(entries(other), 0);
});

test("a key that the server can't vouch for ends the visit before anything is dialled", { timeout }, async () => {
  await using attacker = await tcpListener();
  const socketAddr = encodeSocketAddress({ host: "127.0.0.1", port: attacker.port }, 0);
  const words: readonly [string, Uint8Array][] = [
    ["no-identity", new Uint8Array(0)],
    // By a key of the liar's own, and the server's true word on somebody else.
    ["bad-identity", signIdentity(crypto, { id: host.id, key: forged.publicKey }, forged.secretKey)],
    ["bad-identity", signIdentity(crypto, { id: other.id, key: forged.publicKey }, liar.servers.key.secretKey)],
  ];
  for (const [code, pk] of words) {
    liar.lie = answering(() => ({ socketAddr, pk }));
    assert.equal(await lookedAt(), code);
  }
  assert.deepEqual(attacker.heard, []);
});

test("another key for a known host is refused, even with the server's true signature", { timeout }, async () => {
  const knownHosts = memoryKnownHosts();
  assert.equal(await lookedAt({ knownHosts }), "direct");
  await using attacker = await tcpListener((socket) => socket.write(proof(host.id, forged)));
  const pk = signIdentity(crypto, { id: host.id, key: forged.publicKey }, liar.servers.key.secretKey);
  const socketAddr = encodeSocketAddress({ host: "127.0.0.1", port: attacker.port }, 0);
  liar.lie = answering(() => ({ socketAddr, pk }));
  assert.equal(await lookedAt({ knownHosts }), "key-changed");
  assert.deepEqual(attacker.heard, []);
});

function* framesIn(bytes: Uint8Array): Iterable<Uint8Array> {
  const reader = new FrameReader(bytes.length);
  reader.push(bytes);
  for (let frame = reader.next(); frame !== undefined; frame = reader.next()) yield frame;
}
