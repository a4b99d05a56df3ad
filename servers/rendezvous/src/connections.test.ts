import assert from "node:assert/strict";
import { test } from "node:test";
import { type Link, memoryLinks } from "@pulpit/link";
import { nodeClock } from "@pulpit/link-node";
import { encodeServerMessage, type ServerMessageInit } from "@pulpit/wire";
import { Connections } from "./connections.ts";

const registerPk: ServerMessageInit = { case: "registerPk", value: { id: "123456789" } };
const natTest: ServerMessageInit = { case: "testNatRequest", value: {} };

test("when no more connections may stay, a device is turned away before it is registered, and others are served", async () => {
  const heard: (string | undefined)[] = [];
  const connections: Connections = new Connections(
    nodeClock(),
    {
      received(message, { connection }) {
        heard.push(message.case);
        if (message.case === "registerPk") connections.keep(connection);
      },
      disconnected: () => undefined,
      refused: () => assert.fail("there is room"),
    },
    { perAddress: 10, kept: 1 },
  );
  const said = async (message: ServerMessageInit): Promise<Link> => {
    const [mine, theirs] = memoryLinks();
    void connections.serve(theirs, { host: "192.0.2.1", port: 5 });
    await mine.send(encodeServerMessage(message));
    return mine;
  };
  const first = await said(registerPk);
  const second = await said(registerPk);
  assert.equal(await second.receive(), undefined);
  await said(natTest);
  while (heard.length < 2) await new Promise(setImmediate);
  assert.deepEqual(heard, ["registerPk", "testNatRequest"]);
  // The one that stays may say so again.
  await first.send(encodeServerMessage(registerPk));
  while (heard.length < 3) await new Promise(setImmediate);
  await first.close();
  while (connections.size > 1) await new Promise(setImmediate);
  const third = await said(registerPk);
  while (heard.length < 4) await new Promise(setImmediate);
  await third.close();
  await connections.closeAll();
});
