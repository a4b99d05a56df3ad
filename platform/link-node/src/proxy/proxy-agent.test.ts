import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, connect, createServer as createTcpServer, type Server, type Socket } from "node:net";
import { test } from "node:test";
import { createServer as createTlsServer } from "node:tls";
import { LinkError } from "@pulpit/link";
import { WebSocket, WebSocketServer } from "ws";
import { dialThroughProxy } from "./dial-through-proxy.ts";
import { ProxyAgent } from "./proxy-agent.ts";
import { ProxyError } from "./proxy-error.ts";
import { ProxySetting } from "./proxy-setting.ts";

/** For localhost and 127.0.0.1, signed by its own key, good for a hundred years; protects nothing. */
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBnDCCAUGgAwIBAgIUURnw1quue7pOlpC/+XrjuiGmQCwwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNzEzNDAxNFoYDzIxMjYxMTAz
MTM0MDE0WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQwGXTc4De14m62TXG6g45DXkkunhm93Y0ByI6Iezh5OR74OXxEbjAY
ToXU2DP2KBhoUHxJYDimhUTLEP84G23Yo28wbTAdBgNVHQ4EFgQUXZTX41cjfrSy
N0/pjclbz2HNT2owHwYDVR0jBBgwFoAUXZTX41cjfrSyN0/pjclbz2HNT2owDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSQAwRgIhAOLXDZO/yn8jUio61WYkpn260xuZPqax/T/c29Okrl8JAiEA
lrObwzuCaF0sfhP5eiITGUJ6oIfB3aF2J75TYoY+oFo=
-----END CERTIFICATE-----`;
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgqgkaru+JO1cpg4ru
aFaoDk5O2GVWEAOd9CnmCWnTHP6hRANCAAQwGXTc4De14m62TXG6g45DXkkunhm9
3Y0ByI6Iezh5OR74OXxEbjAYToXU2DP2KBhoUHxJYDimhUTLEP84G23Y
-----END PRIVATE KEY-----`;
const signal = new AbortController().signal;
const authorities = [CERTIFICATE];

/** An HTTP proxy over TLS that tunnels to loopback whatever name it is asked for. */
async function tlsProxy(asked: string[] = []): Promise<AsyncDisposable & { readonly setting: ProxySetting }> {
  const sockets: Socket[] = [];
  const server = createTlsServer({ cert: CERTIFICATE, key: KEY }, (socket) => {
    sockets.push(socket);
    socket.on("error", () => undefined);
    socket.once("data", (head) => {
      const [, target = "", port = ""] = /^CONNECT (\S+):(\d+) HTTP/.exec(head.toString("latin1")) ?? [];
      asked.push(target);
      const far = connect(Number(port), "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        socket.pipe(far).pipe(socket);
      });
      sockets.push(far);
      far.on("error", () => socket.destroy());
    });
  });
  const port = await listening(server);
  return {
    setting: new ProxySetting("https", "localhost", port),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function listening(server: Server): Promise<number> {
  await once(server.listen(0, "127.0.0.1"), "listening");
  return (server.address() as AddressInfo).port;
}

test("bytes go through a proxy that is spoken to over TLS, and both kinds of close end them", async () => {
  const echo = createTcpServer((socket) => void socket.on("error", () => undefined).pipe(socket));
  const port = await listening(echo);
  await using proxy = await tlsProxy();
  for (const reason of [undefined, new Error("done")]) {
    const stream = await dialThroughProxy(
      proxy.setting,
      { host: "a.invalid", port },
      { route: "direct", signal, authorities },
    );
    await stream.write(Buffer.from("hello"));
    assert.equal(Buffer.from((await stream.read()) ?? []).toString(), "hello");
    await stream.close(reason);
    // The end or, after a reason, an error: the connection is gone either way.
    assert.equal(await stream.read().catch((error: unknown) => assert.ok(error instanceof LinkError)), undefined);
  }
  await new Promise((resolve) => echo.close(resolve));
});

test("a proxy whose certificate nobody vouches for is not spoken to", async () => {
  const asked: string[] = [];
  await using proxy = await tlsProxy(asked);
  const dialled = dialThroughProxy(proxy.setting, { host: "a.invalid", port: 1 }, { route: "direct", signal });
  await assert.rejects(dialled, (error) => {
    assert.ok(error instanceof ProxyError);
    assert.deepEqual([error.failure, error.code, error.retryable], ["no-proxy", "wrong-key", false]);
    return true;
  });
  assert.deepEqual(asked, []);
});

test("WebSockets go through a proxy, with TLS to the server inside the tunnel where the URL says so", async () => {
  for (const secure of [false, true]) {
    const server = secure ? createTlsServer({ cert: CERTIFICATE, key: KEY }) : createTcpServer();
    const port = await listening(server);
    const http = createHttpServer();
    server.on(secure ? "secureConnection" : "connection", (socket) => http.emit("connection", socket));
    const sockets = new WebSocketServer({ server: http });
    sockets.on("connection", (socket) => socket.on("message", (data) => socket.send(data)));
    const asked: string[] = [];
    await using proxy = await tlsProxy(asked);
    const agent = new ProxyAgent(proxy.setting, { secure, signal, authorities });
    const viewer = new WebSocket(`${secure ? "wss" : "ws"}://localhost:${port}/ws/id`, { agent });
    await once(viewer, "open");
    viewer.send("hello");
    const [data] = await once(viewer, "message");
    assert.equal(String(data), "hello");
    assert.deepEqual(asked, ["localhost"]);
    viewer.close();
    await once(viewer, "close");
    sockets.close();
    server.close();
  }
});

test("a WebSocket learns that the proxy refused", async () => {
  const agent = new ProxyAgent(new ProxySetting("socks5", "127.0.0.1", 1), { secure: true, signal });
  const viewer = new WebSocket("wss://a.invalid/ws/id", { agent });
  const [error] = await once(viewer, "error");
  assert.ok(error instanceof ProxyError);
  assert.equal(error.failure, "no-proxy");
});
