import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { nodeCrypto } from "@pulpit/crypto-node";
import { encodeServerMessage, type KeyExchange } from "@pulpit/wire";
import { wire } from "../../test/id-server.ts";
import { answerKeys, offerKeys, takeKeys } from "./key-exchange.ts";

const crypto = nodeCrypto();
const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString("hex");
const run = (from: number): Uint8Array => Uint8Array.from({ length: 32 }, (_, i) => from + i);

// docs/protocol/handshake.md, sections 7.1 and 7.3.
const server = crypto.signKeyPair(run(0));
const serverBox = crypto.boxKeyPair(run(0xa0));
const clientBox = crypto.boxKeyPair(run(0xc0));
const sessionKey = run(0xe0);
const OFFER =
  "ca01620a6088a89f1f0bd24553c162abce337e1e878ba862c5ba51e5a29326f32ef9a9c8d12f2c5ef36c74d79bf91625e6c3f8dce730f8904c92265c558783522f48d94502605a725d2a4adfeeb1a29e17edd621c1b7593ee8cdbc44ac6c4ab6e2f805d23c";

const exchange = (message: Parameters<typeof wire>[0] | undefined): KeyExchange => {
  const received = message && wire(message);
  assert.ok(received?.case === "keyExchange");
  return received.value;
};

test("the server's offer is the one of the specification, and both ends get one key out of the exchange", () => {
  const offer = offerKeys(crypto, serverBox, server.secretKey);
  // What Pulpit adds stands behind it, in a field that stock clients skip.
  const stock = exchange(offer).keys;
  assert.equal(hex(encodeServerMessage({ case: "keyExchange", value: { keys: stock } })), OFFER);
  const mine = { serverKey: server.publicKey, box: clientBox, sessionKey };
  const answer = answerKeys(crypto, exchange({ case: "keyExchange", value: { keys: stock } }), mine);
  const sent = exchange(answer?.message);
  assert.equal(hex(sent.keys[0]), "dc2cca31e8e43bbd91dff7e475cca3347eb478107d5bd765aba4ae4a30c35d44");
  const taken = takeKeys(crypto, serverBox, server.secretKey, sent);
  assert.deepEqual(taken, { toServer: sessionKey, toClient: sessionKey, type: "shared" });
  assert.deepEqual(answer?.keys, taken);
});

test("between Pulpit's peers each direction has a key of its own, which both ends find", () => {
  const mine = { serverKey: server.publicKey, box: clientBox, sessionKey };
  const offer = exchange(offerKeys(crypto, serverBox, server.secretKey));
  const answer = answerKeys(crypto, offer, mine);
  const taken = takeKeys(crypto, serverBox, server.secretKey, exchange(answer?.message));
  assert.deepEqual(taken, answer?.keys);
  assert.equal(taken?.type, "separate");
  // By hand, as the specification says it.
  const sent = exchange(answer?.message).keys;
  const parts = [Buffer.from("pulpit-server-channel\0"), offer.keys[0], ...sent, sessionKey] as Uint8Array[];
  const transcript = createHash("sha256").update(Buffer.concat(parts)).digest();
  const derived = (direction: string): string =>
    createHash("sha256").update(transcript).update(direction).digest("hex");
  assert.deepEqual([hex(taken?.toServer), hex(taken?.toClient)], [derived("client"), derived("server")]);
  // A confirmation that was removed on the way: the server has other keys than the client.
  const robbed = exchange({ case: "keyExchange", value: { keys: sent } });
  assert.notDeepEqual(takeKeys(crypto, serverBox, server.secretKey, robbed)?.toServer, taken?.toServer);
});

test("an offer that somebody else signed, or of another shape, gets no answer", () => {
  const mine = { serverKey: server.publicKey, box: clientBox, sessionKey };
  const answered = (keys: Uint8Array[]): unknown =>
    answerKeys(crypto, exchange({ case: "keyExchange", value: { keys } }), mine);
  const signed = exchange(offerKeys(crypto, serverBox, server.secretKey)).keys[0] as Uint8Array;
  const impostor = exchange(offerKeys(crypto, serverBox, crypto.signKeyPair(run(9)).secretKey)).keys[0] as Uint8Array;
  assert.equal(answered([impostor]), undefined);
  assert.equal(answered([]), undefined);
  assert.equal(answered([signed, signed]), undefined);
  assert.equal(answered([crypto.sign(new Uint8Array(31), server.secretKey)]), undefined);
  assert.ok(answered([signed]));
});

test("an answer that is damaged, incomplete or for another connection gives no key", () => {
  const mine = { serverKey: server.publicKey, box: clientBox, sessionKey };
  const answer = exchange(answerKeys(crypto, exchange(offerKeys(crypto, serverBox, server.secretKey)), mine)?.message);
  const taken = (keys: Uint8Array[], box = serverBox): unknown =>
    takeKeys(crypto, box, server.secretKey, exchange({ case: "keyExchange", value: { keys } }));
  const [theirs, sealed] = answer.keys as [Uint8Array, Uint8Array];
  assert.equal(taken([theirs]), undefined);
  assert.equal(taken([sealed, theirs]), undefined);
  assert.equal(taken([theirs, sealed, sealed]), undefined);
  assert.equal(taken([theirs, sealed.with(20, (sealed[20] as number) ^ 1)]), undefined);
  assert.equal(taken([theirs, sealed], crypto.boxKeyPair(run(0x10))), undefined);
});
