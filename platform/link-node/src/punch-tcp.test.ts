import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { describe, test } from "node:test";
import { type ByteStream, LinkError } from "@pulpit/link";
import { bindSharedPort, isAvailable } from "@pulpit/net-linux";
import { punchTcp } from "./punch-tcp.ts";
import { dialFrom } from "./punch-tcp-dial.ts";

const LOOPBACK = "127.0.0.1";
const never = new AbortController().signal;
const ways = [
  { name: "shared ports", skip: !isAvailable(), way: { bindShared: bindSharedPort } },
  { name: "Node's own sockets", skip: false, way: {} },
];

async function serverOn(
  port: number,
  host: string = LOOPBACK,
): Promise<AsyncDisposable & { port: number; server: Server }> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => void sockets.push(socket.on("error", () => undefined)));
  await once(server.listen(port, host), "listening");
  return {
    port: (server.address() as AddressInfo).port,
    server,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A port that nobody has at the moment. */
async function freePort(): Promise<number> {
  await using taken = await serverOn(0);
  return taken.port;
}

async function greet(from: ByteStream, to: ByteStream): Promise<void> {
  await from.write(Buffer.from("hello"));
  assert.equal(Buffer.from((await to.read()) ?? []).toString(), "hello");
}

function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => assert.fail("connected"),
    (error: unknown) => (error instanceof LinkError ? error.code : assert.fail(String(error))),
  );
}

/** Nobody listens there and nobody keeps it: a listener of its own that shares with nobody can have it. */
async function assertFree(port: number): Promise<void> {
  await (await serverOn(port, "0.0.0.0"))[Symbol.asyncDispose]();
}

for (const { name, skip, way } of ways) {
  describe(name, { skip }, () => {
    test("a viewer comes in on the port from which the ID server was called, while that call is still open", async () => {
      for (const host of [LOOPBACK, "::1"]) {
        await using idServer = await serverOn(0, host);
        const seen = once(idServer.server, "connection");
        const call = await dialFrom(0, { host, port: idServer.port }, { route: "server", signal: never, ...way });
        assert.equal(((await seen) as [Socket])[0].remotePort, call.localPort);
        const viewerPort = await freePort();
        const ready = Promise.withResolvers<void>();
        const punched = punchTcp({
          localPort: call.localPort,
          peer: { host, port: viewerPort },
          signal: never,
          ready: ready.resolve,
          ...way,
        });
        await ready.promise;
        const to = { host, port: call.localPort };
        const viewer = await dialFrom(viewerPort, to, { route: "direct", signal: never, ...way });
        const stream = await punched;
        assert.equal(viewer.localPort, viewerPort);
        assert.equal(stream.path.route, "direct");
        await greet(stream, viewer.stream);
        await greet(viewer.stream, stream);
        await Promise.all([stream.close(), viewer.stream.close(), call.stream.close()]);
      }
    });

    test("a stranger who knocks is thrown out and the viewer still gets in, from whatever port", async () => {
      const localPort = await freePort();
      const ready = Promise.withResolvers<void>();
      const peer = { host: "::ffff:127.0.0.1", port: await freePort() };
      const punched = punchTcp({ localPort, peer, signal: never, ready: ready.resolve, ...way });
      await ready.promise;
      const taken = punched.then(() => assert.fail("a stranger was taken"));
      taken.catch(() => undefined);
      for (let i = 0; i < 3; i++) {
        const stranger = connect({ host: LOOPBACK, port: localPort, localAddress: "127.0.0.2" });
        // Some are reset before they know that they are connected.
        stranger.on("error", () => undefined);
        await Promise.race([new Promise((resolve) => stranger.on("close", resolve)), taken]);
        assert.equal(stranger.bytesRead, 0);
      }
      const viewer = await dialFrom(0, { host: LOOPBACK, port: localPort }, { route: "direct", signal: never, ...way });
      const stream = await punched;
      await greet(stream, viewer.stream);
      await Promise.all([stream.close(), viewer.stream.close()]);
    });

    test("who comes after the first one finds the door closed", async () => {
      const localPort = await freePort();
      const ready = Promise.withResolvers<void>();
      const peer = { host: LOOPBACK, port: await freePort() };
      const punched = punchTcp({ localPort, peer, signal: never, ready: ready.resolve, ...way });
      await ready.promise;
      const options = { route: "direct", signal: never, ...way } as const;
      const viewer = await dialFrom(0, { host: LOOPBACK, port: localPort }, options);
      const stream = await punched;
      assert.equal(await codeOf(dialFrom(0, { host: LOOPBACK, port: localPort }, options)), "refused");
      await greet(viewer.stream, stream);
      await Promise.all([stream.close(), viewer.stream.close()]);
    });

    test("it ends when it is aborted, before, at the beginning, when it is ready, and when time is up", async () => {
      const localPort = await freePort();
      const peer = { host: LOOPBACK, port: await freePort() };
      assert.equal(await codeOf(punchTcp({ localPort, peer, signal: AbortSignal.abort(), ...way })), "aborted");
      for (const after of ["at once", "in a turn", "when ready"]) {
        const abort = new AbortController();
        const ready = after === "when ready" ? { ready: () => abort.abort() } : {};
        const punched = codeOf(punchTcp({ localPort, peer, signal: abort.signal, ...ready, ...way }));
        if (after === "at once") abort.abort();
        if (after === "in a turn") setImmediate(() => abort.abort());
        assert.equal(await punched, "aborted", after);
        await assertFree(localPort);
      }
      assert.equal(await codeOf(punchTcp({ localPort, peer, signal: never, within: 50, ...way })), "timed-out");
      await assertFree(localPort);
    });

    test("a port that somebody has for himself is an error, not a wait", async () => {
      await using taken = await serverOn(0, "0.0.0.0");
      const peer = { host: LOOPBACK, port: await freePort() };
      const punched = punchTcp({ localPort: taken.port, peer, signal: never, ...way });
      await assert.rejects(punched, (error) => error instanceof LinkError && /EADDRINUSE/.test(error.message));
    });

    test("what is no address is not called", async () => {
      for (const host of ["localhost", "", "fe80::1%1", "1.2.3.4.5"]) {
        const peer = { host, port: 1 };
        assert.equal(await codeOf(punchTcp({ localPort: 1, peer, signal: never, ...way })), "not-found", host);
      }
    });

    test("a name is looked up and its addresses of the wanted kind are tried", async () => {
      await using server = await serverOn(0);
      const to = { host: "localhost", port: server.port };
      const options = { route: "server", signal: never, ...way } as const;
      const { stream } = await dialFrom(0, to, { ...options, family: 4 });
      assert.equal(stream.path.remote, `${LOOPBACK}:${server.port}`);
      await stream.close();
      assert.equal(await codeOf(dialFrom(0, { host: LOOPBACK, port: 1 }, { ...options, family: 6 })), "not-found");
      assert.equal(await codeOf(dialFrom(0, to, { ...options, signal: AbortSignal.abort() })), "aborted");
    });
  });
}

describe("listener and connection together", { skip: !isAvailable() }, () => {
  const way = { bindShared: bindSharedPort };

  test("two that call each other meet in one connection", async () => {
    for (let i = 0; i < 10; i++) {
      const [a, b] = [await freePort(), await freePort()];
      const [one, other] = await Promise.all([
        punchTcp({ localPort: a, peer: { host: LOOPBACK, port: b }, signal: never, ...way }),
        punchTcp({ localPort: b, peer: { host: LOOPBACK, port: a }, signal: never, ...way }),
      ]);
      assert.deepEqual([one.path.remote, other.path.remote], [`${LOOPBACK}:${b}`, `${LOOPBACK}:${a}`]);
      await greet(one, other);
      await greet(other, one);
      await Promise.all([one.close(), other.close()]);
    }
  });

  test("a peer that refuses at first is called again", async () => {
    const [localPort, port] = [await freePort(), await freePort()];
    const ready = Promise.withResolvers<void>();
    const peer = { host: LOOPBACK, port };
    const punched = punchTcp({ localPort, peer, signal: never, ready: ready.resolve, ...way });
    // By now the first call was refused.
    await ready.promise;
    await using server = await serverOn(port);
    const [socket] = (await once(server.server, "connection")) as [Socket];
    assert.equal(socket.remotePort, localPort);
    const stream = await punched;
    assert.equal(stream.path.remote, `${LOOPBACK}:${port}`);
    await stream.close();
  });
});

test("stock's way: a peer that answers the first packet is taken without listening", async () => {
  await using server = await serverOn(0);
  const localPort = await freePort();
  let wasReady = false;
  const stream = await punchTcp({
    localPort,
    peer: { host: LOOPBACK, port: server.port },
    signal: never,
    ready: () => {
      wasReady = true;
    },
  });
  assert.ok(wasReady);
  await stream.close();
  await assertFree(localPort);
});
