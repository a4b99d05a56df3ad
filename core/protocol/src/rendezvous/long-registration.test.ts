import assert from "node:assert/strict";
import { test } from "node:test";
import {
  PunchHoleResponse_Failure as Failure,
  RegisterPkResponse_Result as Result,
  type ServerMessageInit,
} from "@pulpit/wire";
import { bytes, HOST, hostKeys, ID, IdServer, KEY, onStream, VIEWER, wire } from "../../test/id-server.ts";
import { LongRegistration } from "./long-registration.ts";

const MINUTE = 60_000;
const device = (keys: "separate" | "shared" = "separate"): LongRegistration =>
  new LongRegistration({ id: ID, uuid: bytes(9, 16), publicKey: hostKeys.publicKey, keys });
const hears = (machine: LongRegistration, message: ServerMessageInit, now = 0) =>
  machine.handle({ type: "received", message: wire(message) }, now);
const answered = (result: Result, keepAlive = 0): ServerMessageInit => ({
  case: "registerPkResponse",
  value: { result, keepAlive },
});

test("it shows its key once, and after that says nothing unless it is asked", () => {
  const machine = device();
  const server = new IdServer();
  const [sent] = machine.handle({ type: "start" }, 0);
  assert.ok(sent?.type === "send" && sent.message.case === "registerPk");
  const [reply] = server.answers(sent.message, onStream(HOST, 5), 0);
  assert.ok(reply?.case === "registerPkResponse");
  assert.deepEqual(hears(machine, reply as ServerMessageInit), [{ type: "registered" }]);
  for (let now = 0; now < 10 * MINUTE; now += MINUTE) {
    assert.deepEqual(machine.handle({ type: "beaten" }, now), []);
    assert.ok((machine.deadline ?? 0) > now + MINUTE);
  }
  assert.equal(hears(machine, { case: "registerPeerResponse", value: { requestPk: true } })[0]?.type, "send");
});

test("it asks again while nobody answers, and gives the connection up when the server falls silent", () => {
  const machine = device();
  machine.handle({ type: "start" }, 0);
  for (let now = 15_000; now < MINUTE; now += 15_000) {
    assert.equal(machine.deadline, now);
    assert.equal(machine.handle({ type: "timeout" }, now)[0]?.type, "send");
  }
  hears(machine, answered(Result.OK, 20), MINUTE);
  assert.equal(machine.deadline, MINUTE + 30_000);
  assert.deepEqual(machine.handle({ type: "timeout" }, MINUTE + 30_000), [
    { type: "finish", outcome: { type: "silent" } },
  ]);
});

test("every refusal is told as what it is, and a server without such connections is left alone", () => {
  const told = (result: Result): unknown => {
    const machine = device();
    machine.handle({ type: "start" }, 0);
    return hears(machine, answered(result))[0];
  };
  assert.deepEqual(told(Result.UUID_MISMATCH), { type: "rejected", why: "uuid-mismatch" });
  assert.deepEqual(told(Result.NOT_DEPLOYED), { type: "rejected", why: "not-deployed" });
  assert.deepEqual(told(Result.TOO_FREQUENT), { type: "rejected", why: "too-frequent" });
  assert.deepEqual(told(Result.NOT_SUPPORT), { type: "finish", outcome: { type: "unsupported" } });
  const huge = device();
  huge.handle({ type: "start" }, 0);
  hears(huge, answered(Result.OK, 2_147_483_647));
  assert.ok((huge.deadline ?? 0) < 2 * 60 * MINUTE, "a server may not make it wait for ever");
});

test("it is called once registered, once for each call, and knows whether there are tickets", () => {
  const machine = device();
  machine.handle({ type: "start" }, 0);
  const server = new IdServer();
  server.register(onStream(HOST, 5), 0);
  const request = { case: "punchHoleRequest", value: { id: ID, licenceKey: KEY } } as const;
  const [call] = server.answers(request, onStream(VIEWER, 1), 0);
  assert.ok(call?.case === "punchHole");
  assert.deepEqual(hears(machine, call as ServerMessageInit), [], "before it is registered nobody can have called it");
  hears(machine, { case: "registerPkResponse", value: { result: Result.OK, extensions: [1] } });
  const [invited] = hears(machine, call as ServerMessageInit, 1000);
  assert.ok(invited?.type === "invited" && invited.givesTickets);
  assert.deepEqual(hears(machine, call as ServerMessageInit, 1050), []);
});

test("an offer of separate keys that somebody has removed is noticed, and a server without them is not suspected", () => {
  const robbed = device("shared");
  robbed.handle({ type: "start" }, 0);
  const says = (extensions: number[]): ServerMessageInit => ({ case: "registerPkResponse", value: { extensions } });
  assert.deepEqual(hears(robbed, says([1, 7])), [{ type: "finish", outcome: { type: "tampered" } }]);
  const elsewhere = device("shared");
  elsewhere.handle({ type: "start" }, 0);
  assert.deepEqual(hears(elsewhere, says([1])), [{ type: "registered" }]);
});

test("over TLS a server is asked whether it has the key, and told nothing before it says so", () => {
  const asking = (serverKey: string): LongRegistration =>
    new LongRegistration({ id: ID, uuid: bytes(9, 16), publicKey: hostKeys.publicKey, keys: "certificate", serverKey });
  const server = new IdServer();
  const answered = (serverKey: string): { machine: LongRegistration; effects: readonly unknown[] } => {
    const machine = asking(serverKey);
    const [question] = machine.handle({ type: "start" }, 0);
    assert.ok(question?.type === "send" && question.message.case === "punchHoleRequest");
    const [answer] = server.answers(question.message, onStream(HOST, 5, true), 0);
    assert.ok(answer?.case === "punchHoleResponse");
    return { machine, effects: hears(machine, answer as ServerMessageInit) };
  };
  assert.deepEqual(answered("another key").effects, [{ type: "finish", outcome: { type: "wrong-key" } }]);
  const { machine, effects } = answered(KEY);
  const [sent] = effects as ReturnType<typeof machine.handle>;
  assert.ok(sent?.type === "send" && sent.message.case === "registerPk");
  const [reply] = server.answers(sent.message, onStream(HOST, 5, true), 0);
  assert.deepEqual(hears(machine, reply as ServerMessageInit), [{ type: "registered" }]);
  // An answer to a question that is not open any more means nothing.
  const late = { case: "punchHoleResponse", value: { failure: Failure.LICENSE_MISMATCH } } as const;
  assert.deepEqual(hears(machine, late), []);
});

test("a server that does not say what it thinks of the key is registered with", () => {
  const options = {
    id: ID,
    uuid: bytes(9, 16),
    publicKey: hostKeys.publicKey,
    keys: "certificate",
    serverKey: KEY,
  } as const;
  const machine = new LongRegistration(options);
  machine.handle({ type: "start" }, 0);
  assert.equal(machine.deadline, 3_000);
  const [sent] = machine.handle({ type: "timeout" }, 3_000);
  assert.ok(sent?.type === "send" && sent.message.case === "registerPk");
  assert.deepEqual(hears(machine, answered(Result.OK), 3_500), [{ type: "registered" }]);
});
