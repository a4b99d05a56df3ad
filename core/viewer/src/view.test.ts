import assert from "node:assert/strict";
import { test } from "node:test";
import { fingerprint, signIdentity } from "@pulpit/protocol";
import { encodeMessage, PunchHoleResponse_Failure as Failure } from "@pulpit/wire";
import {
  type Answer,
  crypto,
  failure,
  hostKeys,
  ID,
  otherKeys,
  punched,
  quiet,
  random,
  remembering,
  SERVER_KEY,
  secured,
  server,
  visit,
  vouched,
} from "../test/far-side.ts";
import type { End } from "./state.ts";

/** Answers of the ID server that are the end of it. */
const answers: readonly (readonly [string, Answer, End])[] = [
  ["an ID nobody has", () => failure(Failure.ID_NOT_EXIST), { code: "unknown-id" }],
  ["a host that is not connected", () => failure(Failure.OFFLINE), { code: "offline" }],
  ["another server key", () => failure(Failure.LICENSE_MISMATCH), { code: "wrong-key" }],
  [
    "a server that says no",
    () => punched({ otherFailure: "<b>no</b>" }),
    { code: "server-refused", detail: "<b>no</b>" },
  ],
  ["a failure of a later version", () => punched({ failure: 99 }), { code: "server-refused" }],
  [
    "no word about the host's key",
    () => ({ case: "relayResponse", value: { uuid: "u", relayServer: "relay:21117" } }),
    { code: "no-identity" },
  ],
  ["a key that another server signed", () => vouched(hostKeys, otherKeys), { code: "bad-identity" }],
  ["the key of another host", () => vouched(hostKeys, server, "987654321"), { code: "bad-identity" }],
];
for (const [name, answer, end] of answers) {
  test(`${name} ends with ${end.code}, and nothing but the ID server is dialled`, async () => {
    const { dialled, knownHosts, ...started } = visit({ answer });
    assert.deepEqual(await started.end(), end);
    assert.deepEqual(dialled, ["id:21116"]);
    assert.equal(knownHosts.keys.size, 0);
  });
}

test("a server that cannot be reached, hangs up or talks nonsense is told from one that is silent", async () => {
  assert.deepEqual(await visit({ unreachable: "server" }).end(), { code: "server-unreachable" });
  const hangsUp: Answer = (_message, link) => void link.close();
  assert.deepEqual(await visit({ answer: hangsUp }).end(), { code: "server-unreachable" });
  const nonsense: Answer = (_message, link) => void link.send(Uint8Array.of(0xff, 0xff, 0xff));
  assert.deepEqual(await visit({ answer: nonsense }).end(), { code: "violated" });
  const silent = visit({ answer: () => undefined });
  await silent.clock.pass(17_500);
  assert.deepEqual(silent.phases, ["finding"]);
  await silent.clock.pass(1_000);
  assert.deepEqual(await silent.end(), { code: "offline" });
});

test("a relay nobody reaches, and a host that refuses or never comes to it", async () => {
  assert.deepEqual(await visit({ unreachable: "relay" }).end(), { code: "relay-failed" });
  const pk = signIdentity(crypto, { id: ID, key: hostKeys.publicKey }, server.secretKey);
  const direct = punched({ socketAddr: Uint8Array.of(1, 2, 3, 4), relayServer: "relay:21117", pk });
  const refuses: Answer = (message) =>
    message.case === "requestRelay" ? { case: "relayResponse", value: { refuseReason: "busy" } } : direct;
  assert.deepEqual(await visit({ answer: refuses }).end(), { code: "refused", detail: "busy" });
  const never = visit({ answer: (message) => (message.case === "requestRelay" ? undefined : direct) });
  await never.clock.pass(18_500);
  assert.deepEqual(await never.end(), { code: "relay-failed" });
});

test("the first visit remembers the host's key, the next one compares it", async () => {
  const knownHosts = remembering();
  const first = await secured({ knownHosts });
  assert.deepEqual(knownHosts.keys.get(`${SERVER_KEY} ${ID}`), hostKeys.publicKey);
  assert.equal(first.session.state.connection?.fingerprint, fingerprint(hostKeys.publicKey));
  first.session.close();
  const second = await secured({ knownHosts });
  assert.deepEqual(second.phases, ["finding", "relay", "securing", "login"]);
  second.session.close();
});

test("another key is refused with both fingerprints before the relay is dialled, and the old one is kept", async () => {
  const knownHosts = remembering();
  await knownHosts.set(SERVER_KEY, ID, otherKeys.publicKey);
  const changed = visit({ knownHosts, trustFingerprint: fingerprint(server.publicKey) });
  const pinned = fingerprint(otherKeys.publicKey);
  const offered = fingerprint(hostKeys.publicKey);
  assert.deepEqual(await changed.end(), { code: "key-changed", pinned, offered });
  assert.deepEqual(changed.dialled, ["id:21116"]);
  assert.deepEqual(knownHosts.keys.get(`${SERVER_KEY} ${ID}`), otherKeys.publicKey);
});

test("a fingerprint that was accepted lets in exactly that key, and remembers it once the host has proved it", async () => {
  const knownHosts = remembering();
  await knownHosts.set(SERVER_KEY, ID, otherKeys.publicKey);
  const trusting = visit({ knownHosts, trustFingerprint: fingerprint(hostKeys.publicKey) });
  const far = await trusting.host();
  assert.deepEqual(knownHosts.keys.get(`${SERVER_KEY} ${ID}`), otherKeys.publicKey);
  await far.secure();
  await quiet();
  assert.deepEqual(knownHosts.keys.get(`${SERVER_KEY} ${ID}`), hostKeys.publicKey);
  trusting.session.close();
});

test("a host that does not hold the key is refused, nothing is remembered, and the connection is closed", async () => {
  const started = visit();
  const far = await started.host();
  const proof = signIdentity(crypto, { id: ID, key: random.bytes(32) }, otherKeys.secretKey);
  await far.pipe.receive();
  await far.pipe.send(encodeMessage({ case: "signedId", value: { id: proof } }));
  assert.deepEqual(await started.end(), { code: "bad-identity" });
  assert.equal(started.knownHosts.keys.size, 0);
  assert.equal(await far.pipe.receive(), undefined);
});

test("a host that says nothing at the relay is given up, and one may leave meanwhile; both close the connection", async () => {
  const silent = visit();
  const far = await silent.host();
  await far.pipe.receive();
  await silent.clock.pass(18_500);
  assert.deepEqual(await silent.end(), { code: "relay-failed" });
  assert.equal(await far.pipe.receive(), undefined);
  const left = visit();
  const other = await left.host();
  await other.pipe.receive();
  await quiet();
  left.session.close();
  assert.deepEqual(await left.end(), { code: "closed" });
  assert.equal(await other.pipe.receive(), undefined);
});
