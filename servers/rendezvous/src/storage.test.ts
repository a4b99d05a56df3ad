import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { encodeServerMessage, RegisterPkResponse_Result as Result, type ServerMessageInit } from "@pulpit/wire";
import { ask, bytes, connected, datagrams, exchange, folder, LOCAL, started } from "../test/running.ts";

const ID = "123456789";
const registerPk = (id = ID): ServerMessageInit => ({
  case: "registerPk",
  value: { id, uuid: bytes(1, 16), pk: bytes(7) },
});

test("what can't be stored is not said to be; the device asks again and is let in when the database is free", async () => {
  using place = folder();
  await using server = await started(place.path);
  const { main } = server.ports;
  const other = new DatabaseSync(server.databasePath);
  other.exec("BEGIN EXCLUSIVE");
  const stream = await connected(main);
  await stream.send(encodeServerMessage(registerPk()));
  assert.equal(await stream.receive(), undefined);
  const socket = await datagrams();
  socket.send(encodeServerMessage(registerPk()), { host: LOCAL, port: main });
  // The thread that reads datagrams hands it on in its own time.
  while (server.stats().failedWrites < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  // Others are served meanwhile.
  const tester = await connected(main);
  assert.equal((await ask(tester, { case: "testNatRequest", value: {} })).case, "testNatResponse");
  assert.equal(server.isOnline(ID), false);
  other.exec("ROLLBACK");
  other.close();
  const answer = await exchange(socket, main, registerPk());
  assert.ok(answer.case === "registerPkResponse" && answer.value.result === Result.OK);
  assert.ok(server.isOnline(ID));
  await socket.close();
});

test("a device that was refused for want of an administrator is let in once it has been approved", async () => {
  using place = folder();
  await using server = await started(place.path, { enrolment: "closed" });
  const socket = await datagrams();
  const first = await exchange(socket, server.ports.main, registerPk());
  assert.ok(first.case === "registerPkResponse" && first.value.result === Result.NOT_DEPLOYED);
  const [wish] = server.wishes.list(10);
  assert.ok(wish?.kind === "enrolment" && wish.record.id === ID);
  server.devices.put(wish.record);
  server.wishes.remove(ID);
  const second = await exchange(socket, server.ports.main, registerPk());
  assert.ok(second.case === "registerPkResponse" && second.value.result === Result.OK);
  await socket.close();
});

test("an ID that was changed is free, and the device is found under the other one", async () => {
  using place = folder();
  await using server = await started(place.path, { requireKey: false });
  const socket = await datagrams();
  await exchange(socket, server.ports.main, registerPk());
  const link = await connected(server.ports.main);
  const change = { id: "my-desktop", oldId: ID, uuid: bytes(1, 16) };
  const answer = await ask(link, { case: "registerPk", value: change });
  assert.ok(answer.case === "registerPkResponse" && answer.value.result === Result.OK);
  assert.equal(server.devices.get(ID), undefined);
  assert.deepEqual(server.devices.get("my-desktop")?.publicKey, bytes(7));
  await exchange(socket, server.ports.main, registerPk("my-desktop"));
  assert.ok(server.isOnline("my-desktop"));
  await socket.close();
});
