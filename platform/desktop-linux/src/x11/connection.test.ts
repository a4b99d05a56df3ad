import assert from "node:assert/strict";
import { createServer } from "node:net";
import { test } from "node:test";
import { lacks } from "../../test/scene.ts";
import { startXvfb } from "../xvfb.ts";
import { X11Connection } from "./connection.ts";

const SIZE = { width: 640, height: 480 };
const skip = lacks("Xvfb");
const noDisplay = { name: "DesktopError", code: "no-display" };

test("whatever is under way when the X server ends is answered with its end", { skip }, async () => {
  const xvfb = await startXvfb(SIZE);
  await using connection = await X11Connection.open(xvfb.display);
  const { client, root } = connection;
  const asked = Array.from({ length: 300 }, () =>
    connection.ask((callback) => client.GetImage(2, root, 0, 0, SIZE.width, SIZE.height, 0xffffffff, callback)),
  );
  const outcomes = Promise.allSettled(asked);
  await xvfb[Symbol.asyncDispose]();
  for (const outcome of await outcomes) {
    if (outcome.status === "rejected") assert.equal(outcome.reason.code, "lost");
  }
  await assert.rejects(connection.lost, { name: "DesktopError", code: "lost" });
  await assert.rejects(connection.flushed(), { name: "DesktopError", code: "lost" });
});

test("a refused request is an error of that request alone", { skip }, async () => {
  await using xvfb = await startXvfb(SIZE);
  await using connection = await X11Connection.open(xvfb.display);
  const asking = connection.ask((callback) => connection.client.GetGeometry(0x1fffffff, callback));
  await assert.rejects(asking, { name: "DesktopError", code: "refused" });
  await connection.flushed();
  await assert.rejects(connection.extension("no-such"), { name: "DesktopError", code: "unsupported" });
});

test("a name without an X server behind it is no display", { skip }, async () => {
  for (const name of ["", "nonsense", "127.0.0.1:1"]) await assert.rejects(X11Connection.open(name), noDisplay);
  await using xvfb = await startXvfb(SIZE);
  await assert.rejects(X11Connection.open(`${xvfb.display}.7`), noDisplay);
});

test("a server that says nothing is given up on demand", async () => {
  const silent = createServer(() => undefined).listen(0, "127.0.0.1");
  await new Promise((resolve) => silent.once("listening", resolve));
  const address = silent.address();
  assert.ok(address !== null && typeof address === "object");
  const abort = new AbortController();
  const opening = X11Connection.open(`127.0.0.1:${address.port - 6000}`, { signal: abort.signal });
  silent.once("connection", (socket) => {
    socket.on("error", () => undefined);
    socket.once("close", () => silent.close());
    socket.once("data", () => abort.abort());
  });
  await assert.rejects(opening, noDisplay);
  await new Promise((resolve) => silent.once("close", resolve));
});
