import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { test } from "node:test";
import { inspect } from "node:util";
import { type ByteStream, LinkError } from "@pulpit/link";
import { dialThroughProxy } from "./dial-through-proxy.ts";
import { ProxyError } from "./proxy-error.ts";
import { type ProxyScheme, ProxySetting } from "./proxy-setting.ts";

const TARGET = { host: "host.invalid", port: 21_117 };
const ADA = { user: "ada", password: "hunter2" };
const never = new AbortController().signal;

/** A proxy on loopback that does what the test says with each connection. */
async function proxyThat(
  answer: (socket: Socket) => Promise<void>,
): Promise<AsyncDisposable & { readonly port: number; readonly gone: Promise<unknown> }> {
  const gone = Promise.withResolvers<void>();
  const sockets: Socket[] = [];
  const server: Server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => undefined).on("close", () => gone.resolve());
    answer(socket).catch((error: unknown) => socket.destroy(error as Error));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    port: (server.address() as AddressInfo).port,
    gone: gone.promise,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function take(socket: Socket, count: number): Promise<Buffer> {
  for (;;) {
    const bytes = socket.read(count) as Buffer | null;
    if (bytes !== null) return bytes;
    await once(socket, "readable");
  }
}

async function headOf(socket: Socket): Promise<string> {
  let text = "";
  while (!text.endsWith("\r\n\r\n")) text += (await take(socket, 1)).toString("latin1");
  return text;
}

const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(" ", ""), "hex");

function dialTo(
  port: number,
  scheme: ProxyScheme,
  more: { credentials?: typeof ADA; target?: typeof TARGET; signal?: AbortSignal; within?: number } = {},
): Promise<ByteStream> {
  const proxy = new ProxySetting(scheme, "127.0.0.1", port, more.credentials);
  const options = { route: "server" as const, signal: more.signal ?? never, within: more.within ?? 10_000 };
  return dialThroughProxy(proxy, more.target ?? TARGET, options);
}

async function failure(dialled: Promise<ByteStream>): Promise<LinkError> {
  const error = await dialled.then(
    () => assert.fail("connected"),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof LinkError);
  assert.doesNotMatch(inspect(error, { depth: 9 }), /hunter2|aHVudGVyMg|YWRhOmh1bnRlcjI/);
  return error;
}

async function readAll(stream: ByteStream, count: number): Promise<string> {
  let text = "";
  while (text.length < count) text += Buffer.from((await stream.read()) ?? assert.fail("ended")).toString("latin1");
  return text;
}

test("SOCKS5 sends the name unresolved, and not a byte behind the reply is lost", async () => {
  const heard: string[] = [];
  await using proxy = await proxyThat(async (socket) => {
    heard.push((await take(socket, 3)).toString("hex"));
    socket.write(bytes("05 00"));
    heard.push((await take(socket, 4 + 1 + TARGET.host.length + 2)).toString("hex"));
    // One write: the host at the far end speaks first.
    socket.write(Buffer.concat([bytes("05 00 00 01 7f000001 1234"), Buffer.from("hello")]));
    socket.end((await take(socket, 2)).toString("latin1").toUpperCase());
  });
  const stream = await dialTo(proxy.port, "socks5");
  assert.deepEqual(heard, ["050100", `050100030c${Buffer.from(TARGET.host).toString("hex")}527d`]);
  assert.deepEqual(stream.path, { transport: "tcp", route: "server", remote: "host.invalid:21117" });
  assert.equal(await readAll(stream, 5), "hello");
  await stream.write(Buffer.from("by"));
  assert.equal(await readAll(stream, 2), "BY");
  assert.equal(await stream.read(), undefined);
  await stream.close();
});

test("SOCKS5 proves who we are and takes replies with every kind of address, byte by byte", async () => {
  const replies = ["05 00 00 03 03 616263 0000", `05 00 00 04 ${"00".repeat(16)} 0000`];
  for (const reply of replies) {
    const heard: string[] = [];
    await using proxy = await proxyThat(async (socket) => {
      socket.setNoDelay(true);
      heard.push((await take(socket, 4)).toString("hex"));
      socket.write(bytes("05 02"));
      heard.push((await take(socket, 13)).toString("latin1"));
      socket.write(bytes("01 00"));
      heard.push((await take(socket, 4 + 16 + 2)).toString("hex"));
      for (const byte of bytes(reply)) {
        socket.write(Uint8Array.of(byte));
        await new Promise(setImmediate);
      }
    });
    const target = { host: "2001:db8::7", port: 1 };
    const stream = await dialTo(proxy.port, "socks5", { credentials: ADA, target });
    assert.deepEqual(heard, ["05020002", "\u0001\u0003ada\u0007hunter2", `0501000420010db8${"0".repeat(23)}70001`]);
    assert.equal(stream.path.remote, "[2001:db8::7]:1");
    await stream.close(new Error("done"));
  }
});

test("an address goes to SOCKS5 as an address, IPv4 even in IPv6 dress", async () => {
  for (const host of ["192.0.2.1", "::ffff:192.0.2.1"]) {
    let request = "";
    await using proxy = await proxyThat(async (socket) => {
      await take(socket, 3);
      socket.write(bytes("05 00"));
      request = (await take(socket, 10)).toString("hex");
      socket.write(bytes("05 00 00 01 00000000 0000"));
    });
    await (await dialTo(proxy.port, "socks5", { target: { host, port: 80 } })).close();
    assert.equal(request, "05010001c00002010050");
  }
});

test("HTTP asks for a tunnel, and not a byte behind the answer is lost, however it is cut", async () => {
  const answer = "HTTP/1.1 200 Connection established\r\nVia: 1.1 a\r\nContent-Length: 5\r\n\r\nhello";
  for (const cut of [answer.length, answer.length - 7, answer.length - 5, 1]) {
    let request = "";
    await using proxy = await proxyThat(async (socket) => {
      socket.setNoDelay(true);
      request = await headOf(socket);
      socket.write(answer.slice(0, cut));
      await new Promise((resolve) => setTimeout(resolve, 5));
      socket.end(answer.slice(cut));
    });
    const stream = await dialTo(proxy.port, "http", { credentials: ADA });
    assert.equal(
      request,
      "CONNECT host.invalid:21117 HTTP/1.1\r\nHost: host.invalid:21117\r\nProxy-Authorization: Basic YWRhOmh1bnRlcjI=\r\n\r\n",
    );
    assert.equal(await readAll(stream, 5), "hello");
    assert.equal(await stream.read(), undefined);
    await stream.close();
  }
});

test("a proxy that refuses says why in a code, and wrong credentials are not tried again", async () => {
  const refusals: readonly (readonly [
    scheme: ProxyScheme,
    says: readonly string[],
    failure: string,
    code: string,
    again: boolean,
  ])[] = [
    ["socks5", ["05ff"], "credentials", "refused", false],
    ["socks5", ["0502", "0101"], "credentials", "refused", false],
    ["socks5", ["0500", "05020001000000000000"], "forbidden", "refused", false],
    ["socks5", ["0500", "0504"], "protocol", "reset", true],
    ["socks5", ["0500", "05040001"], "no-target", "unreachable", true],
    ["socks5", ["0500", "05990001"], "protocol", "malformed", false],
    ["http", ["HTTP/1.1 407 No\r\n\r\n"], "credentials", "refused", false],
    ["http", ["HTTP/1.0 403 No\r\n\r\n"], "forbidden", "refused", false],
    ["http", ["HTTP/1.1 502\r\n\r\n"], "no-target", "unreachable", true],
  ];
  for (const [scheme, says, wanted, code, again] of refusals) {
    await using proxy = await proxyThat(async (socket) => {
      for (const said of says) {
        await once(socket, "readable");
        socket.read();
        socket.write(scheme === "http" ? said : bytes(said));
      }
      socket.end();
    });
    const error = await failure(dialTo(proxy.port, scheme, { credentials: ADA }));
    assert.ok(error instanceof ProxyError);
    assert.deepEqual([error.failure, error.code, error.retryable], [wanted, code, again], says.join());
    await proxy.gone;
  }
});

test("a hostile proxy is left at once: wrong version, what was not offered, too much, nonsense", async () => {
  const hostile: readonly (readonly [scheme: ProxyScheme, says: Buffer, code: string])[] = [
    ["socks5", bytes("04 00"), "malformed"],
    ["socks5", Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n"), "malformed"],
    ["socks5", bytes("05 01"), "malformed"],
    ["socks5", bytes("05 02"), "malformed"],
    ["socks5", bytes("05 00 04 00 00 01"), "malformed"],
    ["socks5", bytes("05 00 05 00 00 07 00000000 0000"), "malformed"],
    ["http", bytes("05 00 0d0a0d0a"), "malformed"],
    ["http", Buffer.from("HTTP/2 200\r\n\r\n"), "malformed"],
    ["http", Buffer.from("HTTP/1.1 2000 OK\r\n\r\n"), "malformed"],
    ["http", Buffer.from(`HTTP/1.1 200 OK\r\n${"a: b\r\n".repeat(17)}\r\n`), "too-large"],
    ["http", Buffer.from(`HTTP/1.1 200 OK\r\na: ${"b".repeat(4096)}\r\n\r\n`), "too-large"],
    ["http", Buffer.alloc(100_000, "x"), "too-large"],
  ];
  for (const [scheme, says, code] of hostile) {
    await using proxy = await proxyThat(async (socket) => {
      socket.write(says);
      socket.resume();
    });
    const error = await failure(dialTo(proxy.port, scheme));
    assert.equal(error.code, code, says.toString("latin1").slice(0, 30));
    assert.ok(!error.retryable);
    await proxy.gone;
  }
});

test("a proxy that hangs up early, drips or says nothing is given up", async () => {
  for (const scheme of ["socks5", "http"] as const) {
    await using hasty = await proxyThat(async (socket) => {
      socket.resume().end(scheme === "http" ? "HTTP/1.1 200 OK\r\n" : bytes("05"));
    });
    assert.equal((await failure(dialTo(hasty.port, scheme))).code, "reset");
    await using silent = await proxyThat(async (socket) => {
      socket.resume();
    });
    assert.equal((await failure(dialTo(silent.port, scheme, { within: 30 }))).code, "timed-out");
    await silent.gone;
    await using dripping = await proxyThat(async (socket) => {
      socket.resume();
      for (let i = 0; !socket.destroyed; i++) {
        socket.write("HTTP/1.1 200 OK\r\nx: y".charAt(i) || "y");
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    });
    // SOCKS5 sees a wrong version in the first letter, HTTP waits for a line that never ends.
    const [code, within] = scheme === "http" ? ["timed-out", 60] : ["malformed", 10_000];
    assert.equal((await failure(dialTo(dripping.port, scheme, { within }))).code, code);
    await dripping.gone;
  }
});

test("it can be aborted at every step, and nothing stays open", async () => {
  for (const says of ["", "0500", "05000500000100"]) {
    const abort = new AbortController();
    await using proxy = await proxyThat(async (socket) => {
      socket.resume().write(bytes(says));
      setImmediate(() => abort.abort());
    });
    assert.equal((await failure(dialTo(proxy.port, "socks5", { signal: abort.signal }))).code, "aborted");
    await proxy.gone;
  }
  assert.equal((await failure(dialTo(1, "http", { signal: AbortSignal.abort() }))).code, "aborted");
});

test("a proxy that is not there is told apart from a target that is not there", async () => {
  const { port } = await (async () => {
    await using proxy = await proxyThat(async () => undefined);
    return proxy;
  })();
  const error = await failure(dialTo(port, "socks5", { credentials: ADA }));
  assert.ok(error instanceof ProxyError);
  assert.deepEqual([error.failure, error.code, error.retryable], ["no-proxy", "refused", true]);
});

test("a target that would smuggle something into the request never leaves", async () => {
  for (const host of ["a\r\nb", "a b", "", "ą.example", "fe80::1%eth0", "a".repeat(254), "a/b", "a@b"]) {
    assert.equal((await failure(dialTo(1, "http", { target: { host, port: 1 } }))).code, "not-found", host);
  }
  assert.equal((await failure(dialTo(1, "http", { target: { host: "a", port: 65_536 } }))).code, "not-found");
});
