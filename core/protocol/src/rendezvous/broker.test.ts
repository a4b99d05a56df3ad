import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeCrypto } from "@pulpit/crypto-node";
import {
  decodeServerMessage,
  encodeServerMessage,
  RegisterPkResponse_Result as Result,
  type ServerMessage,
  type ServerMessageInit,
} from "@pulpit/wire";
import { Broker, type Sender } from "./broker.ts";
import type { DeviceRecord, Endpoint } from "./device.ts";

const crypto = nodeCrypto();
const bytes = (from: number, length = 32): Uint8Array => Uint8Array.from({ length }, (_, i) => (from + i) & 255);
const hostKeys = crypto.signKeyPair(bytes(70));
const ID = "123456789";
const KEY = "the server's key as text";
const UUID = "0b7e0c1e-0000-4000-8000-000000000000";
const HOST: Endpoint = { host: "203.0.113.7", port: 50_000 };
const VIEWER: Endpoint = { host: "198.51.100.2", port: 40_000 };

const wire = (message: ServerMessageInit): ServerMessage => decodeServerMessage(encodeServerMessage(message));
const newBroker = (): Broker =>
  new Broker({
    crypto,
    secretKey: crypto.signKeyPair(bytes(1)).secretKey,
    requiredKey: KEY,
    relayServer: "relay.example:21117",
    limits: { devices: 10, waitingViewers: 10 },
  });

test("a key may change at the same address only", () => {
  const broker = newBroker();
  const claim = (pk: Uint8Array, host: string, known: DeviceRecord | undefined): Result | undefined => {
    const message = wire({ case: "registerPk", value: { id: ID, uuid: bytes(9, 16), pk } });
    const effects = broker.handle(message, { type: "datagram", endpoint: { host, port: 1 } }, known, 0);
    const sent = effects.find((effect) => effect.type === "sendDatagram")?.message;
    return sent?.case === "registerPkResponse" ? (sent.value.result as Result) : undefined;
  };
  assert.equal(claim(hostKeys.publicKey, HOST.host, undefined), Result.OK);
  assert.equal(claim(bytes(3), VIEWER.host, undefined), Result.UUID_MISMATCH);
  assert.equal(claim(bytes(3), HOST.host, undefined), Result.OK);
  assert.equal(claim(bytes(3), VIEWER.host, undefined), Result.OK);
  assert.equal(claim(bytes(3, 31), HOST.host, undefined), undefined);
});

test("a flood of key registrations from one address is slowed down, and nobody else is", () => {
  const broker = newBroker();
  const results = Array.from({ length: 40 }, (_, i) => {
    const message = wire({ case: "registerPk", value: { id: `1000000${i + 10}`, uuid: bytes(9, 16), pk: bytes(2) } });
    const [effect] = broker.handle(message, { type: "datagram", endpoint: HOST }, undefined, i).slice(-1);
    return effect?.type === "sendDatagram" && effect.message.case === "registerPkResponse"
      ? effect.message.value.result
      : -1;
  });
  assert.equal(results.filter((result) => result === Result.OK).length, 30);
  assert.equal(results.at(-1), Result.TOO_FREQUENT);
});

test("only the host that was asked may answer, and only once", () => {
  const broker = newBroker();
  const from: Sender = { type: "stream", connection: 1, endpoint: VIEWER };
  const register = wire({ case: "registerPk", value: { id: ID, uuid: bytes(9, 16), pk: hostKeys.publicKey } });
  broker.handle(register, { type: "datagram", endpoint: HOST }, undefined, 0);
  const ask = wire({ case: "punchHoleRequest", value: { id: ID, licenceKey: KEY, forceRelay: true } });
  const [call] = broker.handle(ask, from, undefined, 0);
  assert.ok(call?.type === "sendDatagram" && call.message.case === "punchHole");
  const socketAddr = call.message.value.socketAddr as Uint8Array;
  const value = { socketAddr, uuid: UUID, version: "1.4.9", union: { case: "id" as const, value: ID } };
  const answers = (endpoint: Endpoint): number =>
    broker
      .handle(wire({ case: "relayResponse", value }), { type: "stream", connection: 5, endpoint }, undefined, 1)
      .filter((effect) => effect.type === "send").length;
  assert.equal(answers({ host: "192.0.2.66", port: 1 }), 0);
  assert.equal(answers(HOST), 1);
  assert.equal(answers(HOST), 0);
});
