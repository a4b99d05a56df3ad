import assert from "node:assert/strict";
import { test } from "node:test";
import { RegisterPkResponse_Result as Result } from "@pulpit/wire";
import { bytes, HOST, hostKeys, ID, IdServer, KEY, onStream, VIEWER } from "../../test/id-server.ts";

const MINUTE = 60_000;
const CHOSEN = "my-desktop";

/** Whether a viewer is introduced to this ID. */
function isReachable(server: IdServer, id = ID, now = 1000): boolean {
  const request = { case: "punchHoleRequest", value: { id, licenceKey: KEY } } as const;
  return server.answers(request, onStream({ host: "192.0.2.200", port: 4 }, 77), now)[0]?.case === "punchHole";
}

function changeId(server: IdServer, value: object, from = HOST.host, now = 1000): number | undefined {
  const request = { id: CHOSEN, oldId: ID, uuid: bytes(9, 16), ...value };
  const [sent] = server.answers({ case: "registerPk", value: request }, onStream({ host: from, port: 7 }, 8), now);
  return sent?.case === "registerPkResponse" ? sent.value.result : undefined;
}

test("a device may move to any address with its uuid and key, and is reached there at once", () => {
  const server = new IdServer();
  assert.equal(server.register(HOST), Result.OK);
  assert.equal(server.register(VIEWER, 2000), Result.OK);
  const call = { case: "punchHoleRequest", value: { id: ID, licenceKey: KEY } } as const;
  const [effect] = server.handle(call, onStream({ host: "192.0.2.3", port: 4 }, 1), 3000);
  assert.ok(effect?.type === "sendDatagram");
  assert.deepEqual(effect.to, VIEWER);
});

test("another uuid never takes an ID, and another key waits for an administrator without losing the ID", () => {
  const server = new IdServer();
  server.register();
  assert.equal(server.register(HOST, 1000, { uuid: bytes(50, 16) }), Result.UUID_MISMATCH);
  assert.equal(server.register(HOST, 1000, { pk: bytes(3) }), Result.NOT_DEPLOYED);
  assert.equal(server.register(VIEWER, 1000, { pk: bytes(3) }), Result.NOT_DEPLOYED);
  assert.deepEqual(server.stored.get(ID)?.publicKey, hostKeys.publicKey);
  assert.deepEqual(
    server.asked.map(({ wish }) => wish),
    ["key", "key"],
  );
});

test("where it is allowed, a key may change at the address it came from, as with stock servers, and nowhere else", () => {
  const server = new IdServer({ keyChange: "same-address" });
  server.register();
  assert.equal(server.register(VIEWER, 1000, { pk: bytes(3) }), Result.NOT_DEPLOYED);
  assert.equal(server.register(HOST, 1000, { pk: bytes(3) }), Result.OK);
  assert.deepEqual(server.stored.get(ID)?.publicKey, bytes(3));
});

test("with closed enrolment a new device waits, and nothing of it is stored", () => {
  const server = new IdServer({ enrolment: "closed" });
  assert.equal(server.register(), Result.NOT_DEPLOYED);
  assert.equal(server.stored.size, 0);
  assert.deepEqual(
    server.asked.map(({ wish, record }) => [wish, record.id]),
    [["enrolment", ID]],
  );
  server.stored.set(ID, { id: ID, uuid: bytes(9, 16), publicKey: hostKeys.publicKey, address: "" });
  assert.equal(server.register(), Result.OK);
});

test("one address gets only so many IDs in a minute and in a day; devices that are known are never held up", () => {
  const server = new IdServer({ limits: { devices: 1000, waitingViewers: 10 } });
  const claim = (i: number, now: number): number | undefined =>
    server.register(HOST, now, { id: `${100_000_000 + i}`, uuid: bytes(i, 16) });
  const inOneMinute = Array.from({ length: 40 }, (_, i) => claim(i, i));
  assert.equal(inOneMinute.filter((result) => result === Result.OK).length, 30);
  assert.equal(inOneMinute.at(-1), Result.TOO_FREQUENT);
  assert.equal(server.register(VIEWER), Result.OK);
  assert.equal(claim(3, 100), Result.OK);
  const inOneDay = Array.from({ length: 400 }, (_, i) => claim(1000 + i, (i + 2) * 3000));
  assert.equal(inOneDay.filter((result) => result === Result.OK).length, 270);
});

test("who only says an ID, from another address or port, is asked to show its key and moves nobody", () => {
  const server = new IdServer();
  server.register();
  const beat = (from: { host: string; port: number }): boolean => {
    const [sent] = server.answers({ case: "registerPeer", value: { id: ID } }, from);
    assert.ok(sent?.case === "registerPeerResponse");
    return sent.value.requestPk;
  };
  assert.equal(beat(HOST), false);
  for (const from of [VIEWER, { ...HOST, port: 50_001 }, { host: "127.0.0.1", port: 50_000 }]) assert.ok(beat(from));
  const [call] = server.handle({ case: "punchHoleRequest", value: { id: ID, licenceKey: KEY } }, onStream(VIEWER, 1));
  assert.ok(call?.type === "sendDatagram");
  assert.deepEqual(call.to, HOST);
});

test("a device on a long-lived connection is online for as long as it lasts, and called on it", () => {
  const server = new IdServer();
  assert.equal(server.register(onStream(HOST, 5), 0), Result.OK);
  const [effect] = server.handle(
    { case: "punchHoleRequest", value: { id: ID, licenceKey: KEY } },
    onStream(VIEWER, 1),
    10 * MINUTE,
  );
  assert.ok(effect?.type === "send" && effect.connection === 5 && effect.message.case === "punchHole");
  const beat = server.answers({ case: "registerPeer", value: { id: ID } }, HOST)[0];
  assert.ok(beat?.case === "registerPeerResponse" && beat.value.requestPk, "no datagram speaks for it");
  assert.equal(server.register(VIEWER, 10 * MINUTE), Result.TOO_FREQUENT, "nor moves it");
  assert.ok(isReachable(server, ID, 10 * MINUTE));
  server.broker.disconnected(5);
  assert.equal(isReachable(server, ID, 10 * MINUTE), false);
  assert.equal(server.register(VIEWER, 10 * MINUTE), Result.OK);
});

test("the first answer on a long-lived connection says how often to expect a beat, and keeps it", () => {
  const server = new IdServer();
  const value = { id: ID, uuid: bytes(9, 16), pk: hostKeys.publicKey };
  const effects = server.handle({ case: "registerPk", value }, onStream(HOST, 5));
  assert.deepEqual(
    effects.map(({ type }) => type),
    ["remember", "send", "keep"],
  );
  const refused = server.handle({ case: "registerPk", value: { ...value, uuid: bytes(1, 16) } }, onStream(HOST, 6));
  assert.deepEqual(
    refused.map(({ type }) => type),
    ["send", "close"],
  );
});

test("a device that connects anew is called on its new connection, and stays online when the old one ends", () => {
  const server = new IdServer();
  server.register(onStream(HOST, 5));
  server.register(onStream(HOST, 6));
  server.broker.disconnected(5);
  assert.ok(isReachable(server));
});

test("an ID changes for its owner, keeps uuid and key, and every refusal has its reason", () => {
  const server = new IdServer();
  server.register();
  server.register(VIEWER, 1000, { id: "taken-one", uuid: bytes(40, 16) });
  assert.equal(changeId(server, { uuid: bytes(40, 16) }), Result.UUID_MISMATCH);
  assert.equal(changeId(server, { oldId: "999999999" }), Result.UUID_MISMATCH);
  for (const id of ["short", "1digit", "no spaces", "seventeen-letters", "semi;colon"]) {
    assert.equal(changeId(server, { id }), Result.INVALID_ID_FORMAT, id);
  }
  assert.equal(changeId(server, { id: "taken-one" }), Result.ID_EXISTS);
  assert.equal(changeId(server, {}), Result.OK);
  assert.deepEqual(server.stored.get(CHOSEN)?.publicKey, hostKeys.publicKey);
  assert.equal(server.stored.has(ID), false);
  assert.equal(isReachable(server), false);
  assert.equal(server.register(HOST, 1000, { id: CHOSEN }), Result.OK);
  assert.ok(isReachable(server, CHOSEN));
  const last = Array.from({ length: 40 }, () => changeId(server, { oldId: CHOSEN, id: "other-name1" })).at(-1);
  assert.equal(last, Result.TOO_FREQUENT);
});

test("what is no registration gets no answer, and what can be no ID no entry", () => {
  const server = new IdServer();
  assert.equal(server.register(HOST, 1000, { uuid: bytes(0, 0) }), undefined);
  assert.equal(server.register(HOST, 1000, { uuid: bytes(0, 257) }), undefined);
  assert.equal(server.register(HOST, 1000, { pk: bytes(3, 31) }), undefined);
  for (const id of ["12345", "x".repeat(101), "tab\tinside", "<script>", "a/b/c/d"]) {
    assert.equal(server.register(HOST, 1000, { id }), Result.UUID_MISMATCH, id);
  }
  assert.equal(server.stored.size, 0);
});
