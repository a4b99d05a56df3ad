import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { test } from "node:test";
import { type Link, LinkError } from "@pulpit/link";
import { listenWebSocket } from "./listen-websocket.ts";
import type { NotOpened } from "./websocket-door.ts";

const HOST = "127.0.0.1";
const OPENING =
  "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
  "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n";

interface Listening extends AsyncDisposable {
  readonly port: number;
  readonly links: Link[];
  readonly from: string[];
  readonly refused: [string, NotOpened][];
}

type Settings = Partial<Parameters<typeof listenWebSocket>[0]>;

async function listening(settings: Settings = {}): Promise<Listening> {
  const links: Link[] = [];
  const from: string[] = [];
  const refused: [string, NotOpened][] = [];
  const listener = await listenWebSocket(
    { host: HOST, port: 0, limit: 64 * 1024, route: "server", ...settings },
    (link, address) => {
      links.push(link);
      from.push(address);
    },
    (address, why) => refused.push([address, why]),
  );
  return {
    port: listener.port,
    links,
    from,
    refused,
    async [Symbol.asyncDispose]() {
      await Promise.all(links.map((link) => link.close(new Error("over"))));
      await listener.close();
    },
  };
}

/** Opens a socket, sends the beginning and waits for what comes; the status of the answer. */
async function opened(port: number, more: string = ""): Promise<{ socket: Socket; status: number }> {
  const socket = connect(port, HOST, () => socket.write(`${OPENING}${more}\r\n`));
  socket.on("error", () => undefined);
  const [answer] = await once(socket, "data");
  return { socket, status: Number(/^HTTP\/1\.1 (\d+)/.exec(String(answer))?.[1]) };
}

/** A frame as clients send them, masked with zeros; `length` may promise more than `content` has. */
function frame(opcode: number, content: Uint8Array, length: number = content.length): Buffer {
  const head = Buffer.alloc(length < 126 ? 6 : 14);
  head[0] = opcode;
  head[1] = 0x80 | (length < 126 ? length : 127);
  if (length >= 126) head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, content]);
}

const BINARY = 0x82;
const PING = 0x89;

test("only a trusted proxy says whom a link is from", async () => {
  const said = "X-Forwarded-For: 203.0.113.9\r\n";
  await using direct = await listening();
  await opened(direct.port, said);
  assert.deepEqual(direct.from, [HOST]);
  await using proxied = await listening({ trusted: [HOST] });
  await opened(proxied.port, said);
  assert.deepEqual(proxied.from, ["203.0.113.9"]);
  assert.equal(proxied.links[0]?.path.remote, "203.0.113.9");
});

test("one address gets only so many links, and all together only so many", async () => {
  await using proxied = await listening({ trusted: [HOST], connectionsPerAddress: 2, maxConnections: 3 });
  const by = async (address: string): Promise<number> =>
    (await opened(proxied.port, `X-Forwarded-For: ${address}\r\n`)).status;
  assert.equal(await by("203.0.113.9"), 101);
  const { socket, status } = await opened(proxied.port, "X-Forwarded-For: 203.0.113.9\r\n");
  assert.equal(status, 101);
  assert.equal(await by("203.0.113.9"), 429);
  // Who leaves makes room.
  socket.destroy();
  await proxied.links[1]?.receive().catch(() => undefined);
  assert.equal(await by("203.0.113.9"), 101);
  assert.equal(await by("203.0.113.10"), 101);
  await once(connect(proxied.port, HOST).resume(), "close");
  assert.deepEqual(proxied.refused, [
    ["203.0.113.9", "address-full"],
    [HOST, "full"],
  ]);

  await using direct = await listening({ connectionsPerAddress: 1 });
  await opened(direct.port);
  await once(connect(direct.port, HOST).resume(), "close");
  assert.deepEqual(direct.refused, [[HOST, "address-full"]]);
});

test("who asks for anything else gets an HTTP error", async () => {
  await using port = await listening();
  assert.equal((await fetch(`http://${HOST}:${port.port}/`)).status, 426);
  const { status } = await opened(port.port, "Sec-WebSocket-Version: 99\r\n");
  assert.ok(status === 400 || status === 426, `${status}`);
  assert.deepEqual(port.refused, [[HOST, "malformed"]]);
});

test("a message above the link's limit ends it before it has arrived", { timeout: 20_000 }, async () => {
  await using port = await listening({ limit: 64 * 1024 * 1024 });
  const { socket } = await opened(port.port);
  const [link] = port.links as [Link];
  link.limit(64 * 1024);
  // What is promised would be allowed on a link that has a partner; this one has none yet.
  const gone = new Promise((resolve) => socket.once("close", resolve));
  socket.write(frame(BINARY, new Uint8Array(400 * 1024), 60 * 1024 * 1024));
  await assert.rejects(link.receive(), LinkError);
  await gone;

  await using larger = await listening({ limit: 64 * 1024 * 1024 });
  const { socket: other } = await opened(larger.port);
  other.write(frame(BINARY, new Uint8Array(4_000_000)));
  assert.equal((await larger.links[0]?.receive())?.length, 4_000_000);
});

test("a peer that sends pings is answered, and many of them are no message", { timeout: 20_000 }, async () => {
  await using port = await listening();
  const { socket } = await opened(port.port);
  const [link] = port.links as [Link];
  let pongs = 0;
  const all = new Promise<void>((resolve) =>
    socket.on("data", (chunk) => {
      pongs += chunk.length;
      if (pongs === 3_000 * 127) resolve();
    }),
  );
  for (let i = 0; i < 3_000; i++) socket.write(frame(PING, new Uint8Array(125)));
  await all;
  socket.write(frame(BINARY, new Uint8Array([7])));
  assert.deepEqual([...((await link.receive()) ?? [])], [7]);
});

test("a peer that sends pings and reads nothing does not fill the memory", { timeout: 60_000 }, async () => {
  await using port = await listening();
  const { socket } = await opened(port.port);
  socket.pause();
  const [link] = port.links as [Link];
  const pings = Buffer.concat(Array.from({ length: 1_000 }, () => frame(PING, new Uint8Array(125))));
  for (let i = 0; i < 200; i++) await new Promise((resolve) => socket.write(pings, resolve));
  socket.write(frame(BINARY, new Uint8Array([7])));
  assert.equal((await link.receive())?.length, 1);
  assert.ok(link.queuedBytes < 2 * 1024 * 1024, `${link.queuedBytes}`);
  socket.destroy();
});

test("a silent peer hears pings, and is over only after five without a sound", { timeout: 20_000 }, async (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  await using port = await listening();
  const { socket } = await opened(port.port);
  const [link] = port.links as [Link];
  const heard = async (): Promise<void> => {
    t.mock.timers.tick(30_000);
    const [ping] = await once(socket, "data");
    assert.deepEqual([...(ping as Buffer)], [PING, 0]);
  };
  for (let i = 0; i < 5; i++) await heard();
  // Any sound will do: this is the answer a browser gives.
  socket.write(frame(0x8a, new Uint8Array()));
  socket.write(frame(BINARY, new Uint8Array([1])));
  assert.equal((await link.receive())?.length, 1);
  for (let i = 0; i < 6; i++) await heard();
  t.mock.timers.tick(30_000);
  await assert.rejects(link.receive(), (error) => error instanceof LinkError && error.code === "reset");
});
