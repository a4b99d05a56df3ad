import assert from "node:assert/strict";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { nodeCrypto, nodeRandom } from "@pulpit/crypto-node";
import {
  decodeServerMessage,
  encodeServerMessage,
  PunchHoleResponse_Failure as Failure,
  RegisterPkResponse_Result as Result,
  type ServerMessageInit,
} from "@pulpit/wire";
import { ask, bytes, connected, datagrams, exchange, folder, LOCAL, started } from "../test/running.ts";
import { loadServerKey } from "./key-files.ts";

const ID = "123456789";
const RELAY = "relay.example:21117";
const registerPk: ServerMessageInit = { case: "registerPk", value: { id: ID, uuid: bytes(1, 16), pk: bytes(7) } };
const wanted = (id: string, licenceKey: string): ServerMessageInit => ({
  case: "punchHoleRequest",
  value: { id, licenceKey, forceRelay: true },
});

test("a device registers by datagram, is found over TCP and WebSocket, and is remembered after a restart", async () => {
  using place = folder();
  const first = await started(place.path, { relayServers: [RELAY] });
  const { main, websocket } = first.ports;
  const host = await datagrams();
  assert.deepEqual((await exchange(host, main, { case: "registerPeer", value: { id: ID } })).value, {
    $typeName: "hbb.RegisterPeerResponse",
    requestPk: true,
  });
  const registered = await exchange(host, main, registerPk);
  assert.ok(registered.case === "registerPkResponse" && registered.value.result === Result.OK);
  const again = await exchange(host, main, { case: "registerPeer", value: { id: ID } });
  assert.ok(again.case === "registerPeerResponse" && !again.value.requestPk);

  const key = readFileSync(join(place.path, "id_ed25519.pub"), "utf8");
  for (const address of [main, `ws://${LOCAL}:${websocket}`]) {
    const viewer = await connected(address);
    const unknown = await ask(viewer, wanted("999999999", key));
    assert.ok(unknown.case === "punchHoleResponse" && unknown.value.failure === Failure.ID_NOT_EXIST);
    const stranger = await ask(viewer, wanted(ID, "another key"));
    assert.ok(stranger.case === "punchHoleResponse" && stranger.value.failure === Failure.LICENSE_MISMATCH);
    await viewer.send(encodeServerMessage(wanted(ID, key)));
    const call = decodeServerMessage((await host.receive())?.data ?? new Uint8Array(0));
    assert.ok(call.case === "punchHole" && call.value.relayServer === RELAY);
    await viewer.close();
  }
  await first[Symbol.asyncDispose]();

  await using second = await started(place.path, { relayServers: [RELAY] });
  const viewer = await connected(second.ports.main);
  const offline = await ask(viewer, wanted(ID, key));
  assert.ok(offline.case === "punchHoleResponse" && offline.value.failure === Failure.OFFLINE);
  const thief = { case: "registerPk" as const, value: { id: ID, uuid: bytes(99, 16), pk: bytes(50) } };
  const refused = await exchange(host, second.ports.main, thief);
  assert.ok(refused.case === "registerPkResponse" && refused.value.result === Result.UUID_MISMATCH);
  await viewer.close();
  await host.close();
});

test("rubbish by datagram and stream is dropped, and everybody else goes on", async () => {
  using place = folder();
  await using server = await started(place.path, { relayServers: [RELAY] });
  const { main, natTest, websocket } = server.ports;
  const socket = await datagrams();
  for (const rubbish of [bytes(0, 1), bytes(200, 40), new Uint8Array(1400).fill(0x0b), new Uint8Array(60_000)]) {
    socket.send(rubbish, { host: LOCAL, port: main });
  }
  for (const port of [main, natTest, websocket]) {
    for (const rubbish of [
      [0xff, 0xff, 0xff, 0xff],
      [0x0c, 0x0b, 0x0b, 0x0b],
      [0x00],
      Array<number>(3000).fill(0x41),
    ]) {
      await new Promise<void>((resolve) => {
        const raw = connect(port, LOCAL, () => raw.end(Uint8Array.from(rubbish)));
        raw.on("data", () => undefined);
        raw.on("error", () => undefined);
        raw.on("close", () => resolve());
      });
    }
  }
  const answer = await exchange(socket, main, registerPk);
  assert.ok(answer.case === "registerPkResponse" && answer.value.result === Result.OK);
  const nat = await connected(natTest);
  const tested = await ask(nat, { case: "testNatRequest", value: {} });
  assert.ok(tested.case === "testNatResponse" && tested.value.port > 0);
  await nat.close();
  await socket.close();
});

test("a stop ends every conversation and frees every port", async () => {
  using place = folder();
  const server = await started(place.path, { relayServers: [RELAY] });
  const viewer = await connected(server.ports.main);
  const other = await connected(`ws://${LOCAL}:${server.ports.websocket}`);
  await server[Symbol.asyncDispose]();
  for (const link of [viewer, other]) assert.equal(await link.receive().catch(() => undefined), undefined);
  await assert.rejects(connected(server.ports.main), { code: "refused" });
});

test("the server's key is made once, in the stock format, readable by its owner only; a damaged one is refused", () => {
  using place = folder();
  const made = loadServerKey(place.path, nodeCrypto(), nodeRandom());
  const file = join(place.path, "id_ed25519");
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.equal(Buffer.from(readFileSync(file, "utf8"), "base64").length, 64);
  assert.equal(readFileSync(`${file}.pub`, "utf8"), made.publicText);
  assert.match(made.publicText, /^[A-Za-z0-9+/]{43}=$/);
  assert.deepEqual(loadServerKey(place.path, nodeCrypto(), nodeRandom()), made);
  writeFileSync(file, "not a key");
  assert.throws(
    () => loadServerKey(place.path, nodeCrypto(), nodeRandom()),
    (error: Error) => {
      return /holds no server key/.test(error.message) && !error.message.includes("not a key");
    },
  );
});
