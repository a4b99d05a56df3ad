import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeCrypto, nodeRandom } from "@pulpit/crypto-node";
import { type Link, sealed } from "@pulpit/link";
import { answerKeys, Opening, Sealing } from "@pulpit/protocol";
import { decodeServerMessage, encodeServerMessage, RegisterPkResponse_Result as Result } from "@pulpit/wire";
import { ask, bytes, connected, folder, received, started } from "../test/running.ts";

const crypto = nodeCrypto();
const random = nodeRandom();
const ID = "123456789";
const registerPk = { case: "registerPk", value: { id: ID, uuid: bytes(1, 16), pk: bytes(7) } } as const;

/** A connection as a client makes it that waits for the server to speak first. */
async function encrypted(port: number, serverKey: Uint8Array, speaks: "stock" | "pulpit" = "stock"): Promise<Link> {
  const link = await connected(port);
  const offer = await received(link);
  assert.ok(offer.case === "keyExchange");
  const sessionKey = random.bytes(32);
  const known = speaks === "stock" ? { ...offer.value, extensions: [] } : offer.value;
  const answer = answerKeys(crypto, known, { serverKey, box: crypto.boxKeyPair(random.bytes(32)), sessionKey });
  assert.ok(answer !== undefined, "the offer is not signed by the server");
  await link.send(encodeServerMessage(answer.message));
  assert.equal(answer.keys.type, speaks === "stock" ? "shared" : "separate");
  return sealed(link, new Sealing(crypto, answer.keys.toServer), new Opening(crypto, answer.keys.toClient));
}

test("a client that waits is offered keys, registers encrypted, and is called on that connection", async () => {
  using place = folder();
  await using server = await started(place.path, { requireKey: false });
  const { main } = server.ports;
  const host = await encrypted(main, server.key.publicKey);
  const registered = await ask(host, registerPk);
  assert.ok(registered.case === "registerPkResponse" && registered.value.result === Result.OK);
  assert.ok(registered.value.keepAlive > 0);
  // A viewer that is signed in waits for the keys as well: the most reported fault of the open-source server.
  const viewer = await encrypted(main, server.key.publicKey, "pulpit");
  await viewer.send(
    encodeServerMessage({ case: "punchHoleRequest", value: { id: ID, token: "signed in", forceRelay: true } }),
  );
  assert.equal((await received(host)).case, "punchHole");
  await Promise.all([host.close(), viewer.close()]);
});

test("who speaks at once is answered in plain, and never sent keys it did not wait for", async () => {
  using place = folder();
  await using server = await started(place.path, { requireKey: false });
  for (const port of [server.ports.main, server.ports.natTest]) {
    const link = await connected(port);
    const answer = await ask(link, { case: "testNatRequest", value: {} });
    assert.equal(answer.case, "testNatResponse");
    assert.equal(await link.receive(), undefined);
  }
});

test("keys that make no sense, or a second exchange, end the connection", async () => {
  using place = folder();
  await using server = await started(place.path);
  const { main } = server.ports;
  const nonsense = await connected(main);
  assert.equal((await received(nonsense)).case, "keyExchange");
  await nonsense.send(encodeServerMessage({ case: "keyExchange", value: { keys: [bytes(1), bytes(2, 48)] } }));
  assert.equal(await nonsense.receive().catch(() => undefined), undefined);
  const twice = await encrypted(main, server.key.publicKey);
  await twice.send(encodeServerMessage({ case: "keyExchange", value: { keys: [bytes(1), bytes(2, 48)] } }));
  assert.equal(await twice.receive().catch(() => undefined), undefined);
  const unasked = await connected(main);
  await unasked.send(encodeServerMessage({ case: "keyExchange", value: { keys: [bytes(1), bytes(2, 48)] } }));
  assert.equal(await unasked.receive().catch(() => undefined), undefined);
});

test("one damaged message ends an encrypted connection", async () => {
  using place = folder();
  await using server = await started(place.path);
  const link = await connected(server.ports.main);
  const offer = await received(link);
  assert.ok(offer.case === "keyExchange");
  const sessionKey = random.bytes(32);
  const mine = { serverKey: server.key.publicKey, box: crypto.boxKeyPair(random.bytes(32)), sessionKey };
  const answer = answerKeys(crypto, offer.value, mine) ?? assert.fail();
  await link.send(encodeServerMessage(answer.message));
  const message = new Sealing(crypto, answer.keys.toServer).seal(encodeServerMessage(registerPk));
  await link.send(message.with(3, (message[3] as number) ^ 1));
  assert.equal(await link.receive().catch(() => undefined), undefined);
  assert.equal(server.devices.get(ID), undefined);
});

test("a device on a WebSocket registers on it, without keys being offered", async () => {
  using place = folder();
  await using server = await started(place.path, { requireKey: false });
  const host = await connected(`ws://127.0.0.1:${server.ports.websocket}`);
  const answer = await ask(host, registerPk);
  assert.ok(answer.case === "registerPkResponse" && answer.value.result === Result.OK);
  const viewer = await connected(server.ports.main);
  await viewer.send(encodeServerMessage({ case: "punchHoleRequest", value: { id: ID, forceRelay: true } }));
  assert.equal((await received(host)).case, "punchHole");
  await host.close();
  // The server hears of the end a moment later.
  const offline = async (): Promise<boolean> => {
    const sent = decodeServerMessage(
      await viewer
        .send(encodeServerMessage({ case: "punchHoleRequest", value: { id: ID, forceRelay: true } }))
        .then(() => viewer.receive())
        .then((message) => message ?? new Uint8Array(0)),
    );
    return sent.case === "punchHoleResponse";
  };
  assert.ok(await offline());
});
