import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { test } from "node:test";
import { knowsLoopbackOwners, ownerInRow, ownerOfLoopback } from "./loopback-peer.ts";

const skip = !knowsLoopbackOwners();

async function listening(): Promise<{ server: Server; port: number; next(): Promise<Socket> }> {
  const waiting: Socket[] = [];
  const wanted: ((socket: Socket) => void)[] = [];
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on("error", () => undefined);
    const want = wanted.shift();
    if (want === undefined) waiting.push(socket);
    else want(socket);
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  return {
    server,
    port: (server.address() as AddressInfo).port,
    next: () =>
      new Promise((resolve) => (waiting.length > 0 ? resolve(waiting.shift() as Socket) : wanted.push(resolve))),
  };
}

test("the owner of a client's end is found, by IPv4 and by mapped IPv6", { skip }, async (t) => {
  const { server, port, next } = await listening();
  t.after(() => server.close());
  for (const host of ["127.0.0.1", "::ffff:127.0.0.1"]) {
    const client = connect(port, host);
    const socket = await next();
    assert.equal(ownerOfLoopback(socket.remotePort as number, port), process.geteuid?.(), host);
    assert.equal(
      ownerOfLoopback(port, socket.remotePort as number),
      process.geteuid?.(),
      "the server's end is ours too",
    );
    client.destroy();
    socket.destroy();
  }
});

test("another user's end is another user's, and nobody's once it is closed", {
  skip: skip || process.geteuid?.() !== 0,
}, async (t) => {
  const { server, port, next } = await listening();
  t.after(() => server.close());
  const child = spawn(process.execPath, ["-e", `require("node:net").connect(${port}, "127.0.0.1")`], {
    uid: 65_534,
    gid: 65_534,
    cwd: "/",
  });
  t.after(() => child.kill());
  const socket = await next();
  assert.equal(ownerOfLoopback(socket.remotePort as number, port), 65_534);
  // Its end is still in the table, waiting for ours, and says it is root's.
  const gone = new Promise((resolve) => socket.once("end", resolve));
  socket.resume();
  child.kill("SIGKILL");
  await gone;
  assert.equal(ownerOfLoopback(socket.remotePort as number, port), undefined);
  socket.destroy();
});

test("a connection that does not exist is nobody's", { skip }, () => {
  assert.equal(ownerOfLoopback(1, 2), undefined);
});

test("only a row with these ends, an owner and a socket counts", () => {
  const ends = "0100007F:D431 0100007F:1F90";
  const row = (local: string, remote: string, uid: string, inode: string): string =>
    `   5: ${local} ${remote} 01 00000000:00000000 00:00000000 00000000 ${uid.padStart(5)}        0 ${inode} 1 0000 20 4 0 10 -1`;
  assert.equal(ownerInRow(row("0100007F:D431", "0100007F:1F90", "1000", "4711"), ends), 1000);
  assert.equal(ownerInRow(row("0100007F:1F90", "0100007F:D431", "1000", "4711"), ends), undefined);
  assert.equal(ownerInRow(row("0200007F:D431", "0100007F:1F90", "1000", "4711"), ends), undefined);
  assert.equal(ownerInRow(row("0100007F:D431", "0100007F:1F90", "0", "0"), ends), undefined);
  assert.equal(ownerInRow(row("0100007F:D431", "0100007F:1F90", "x", "4711"), ends), undefined);
  for (const text of ["", "  sl  local_address rem_address   st tx_queue", `5: ${ends}`]) {
    assert.equal(ownerInRow(text, ends), undefined, text);
  }
});
