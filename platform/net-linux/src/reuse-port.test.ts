import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, Socket } from "node:net";
import { test } from "node:test";
import { isAvailable } from "./libc.ts";
import { bindSharedPort } from "./reuse-port.ts";
import { closeDescriptor } from "./splice/duplicate.ts";

const options = { skip: !isAvailable() };

test("a listener, and connections to two servers, share one local port", options, async () => {
  for (const host of ["127.0.0.1", "::1"]) {
    const seen: number[] = [];
    const servers = [createServer(), createServer()];
    for (const server of servers) {
      server.on("connection", (socket) => {
        seen.push(socket.resume().remotePort ?? 0);
      });
      await once(server.listen(0, host), "listening");
    }
    const first = bindSharedPort({ host, port: 0 });
    const { port } = first;
    assert.ok(port > 0);
    const listener = createServer((socket) => socket.end("hello"));
    await once(listener.listen({ fd: first.fd }), "listening");
    const sockets = servers.map((server) => {
      const socket = new Socket({ fd: bindSharedPort({ host, port }).fd, readable: true, writable: true });
      return socket.connect({ host, port: (server.address() as { port: number }).port });
    });
    await Promise.all(sockets.map((socket) => once(socket, "connect")));
    const guest = connect({ host, port });
    assert.equal(String((await once(guest, "data"))[0]), "hello");
    for (const socket of sockets) socket.destroy();
    for (const server of [...servers, listener]) await new Promise((resolve) => server.close(resolve));
    assert.deepEqual(seen, [port, port]);
  }
});

test("a port that somebody holds for himself is refused with the system's code", options, async () => {
  const server = createServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as { port: number };
  assert.throws(() => bindSharedPort({ host: "127.0.0.1", port }), { code: "EADDRINUSE", syscall: "bind" });
  assert.throws(() => bindSharedPort({ host: "192.0.2.1", port: 0 }), { code: "EADDRNOTAVAIL" });
  assert.throws(() => bindSharedPort({ host: "localhost", port: 0 }), TypeError);
  await new Promise((resolve) => server.close(resolve));
});

test("nothing is left open when binding fails", options, () => {
  const before = bindSharedPort({ host: "127.0.0.1", port: 0 });
  closeDescriptor(before.fd);
  for (let i = 0; i < 20; i++) assert.throws(() => bindSharedPort({ host: "192.0.2.1", port: 0 }));
  const after = bindSharedPort({ host: "127.0.0.1", port: 0 });
  closeDescriptor(after.fd);
  // The system gives the lowest free number.
  assert.equal(after.fd, before.fd);
});
