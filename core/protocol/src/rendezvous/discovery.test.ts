import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeServerMessage, encodeServerMessage, type ServerMessage, type ServerMessageInit } from "@pulpit/wire";
import { DISCOVERY_QUESTION, discoveredIn, discoveryAnswer } from "./discovery.ts";

const wire = (message: ServerMessageInit): ServerMessage => decodeServerMessage(encodeServerMessage(message));
const me = { id: "123456789", hostname: "desk", platform: "Linux" };

test("a question goes out as the specification has it, and is answered with nothing but ID, name and system", () => {
  assert.equal(Buffer.from(encodeServerMessage(DISCOVERY_QUESTION)).toString("hex"), "b201060a0470696e67");
  const answer = discoveryAnswer(wire(DISCOVERY_QUESTION), me) ?? assert.fail();
  const told = wire(answer);
  assert.ok(told.case === "peerDiscovery");
  assert.deepEqual([told.value.mac, told.value.username, told.value.misc], ["", "", ""]);
  assert.deepEqual(discoveredIn(told), me);
});

test("one's own question, answers and everything else are no questions", () => {
  const discovery = (value: object): ServerMessage => wire({ case: "peerDiscovery", value });
  for (const message of [
    discovery({ cmd: "ping", id: me.id }),
    discovery({ cmd: "pong", id: "987654321" }),
    discovery({ cmd: "PING" }),
    wire({ case: "registerPeer", value: { id: "1" } }),
  ]) {
    assert.equal(discoveryAnswer(message, me), undefined);
  }
});

test("what hosts say of themselves is cut and cleaned, and an ID that is none is no host", () => {
  const pong = (value: object): ServerMessage => wire({ case: "peerDiscovery", value: { cmd: "pong", ...value } });
  for (const id of ["", "short", "x".repeat(17), "a b c d", "../../etc", "１２３４５６"]) {
    assert.equal(discoveredIn(pong({ id })), undefined, id);
  }
  const found = discoveredIn(pong({ id: "123456789", hostname: `\u001b[31m\u202e${"y".repeat(500)}` }));
  assert.equal(found?.hostname, `[31m${"y".repeat(60)}`);
});
