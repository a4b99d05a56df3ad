// Follows docs/self-hosting.md to the letter, in a copy of the checkout, and connects as a stock client would.
import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { type FreshCopy, freePorts, freshCopy, marked } from "./fresh-copy.ts";
import { device, framed, message, stream, varint } from "./stock-bytes.ts";

// docs/protocol/wire.md, section 9.2.
const PUBLIC = "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=";
const SECRET = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8DoQe/884Qvh1w3RjnS8CZZ+TWMJulDV8d3IZkElUxuA==";
const ID = "333333333";
const UUID = Buffer.alloc(16, 5);
const KEY = Buffer.alloc(32, 6);

/** A person at a shell in the copy, with the document before them. */
class Reader {
  readonly #blocks: ReadonlyMap<string, string>;
  readonly #env: NodeJS.ProcessEnv;
  readonly #cwd: string;

  constructor(copy: FreshCopy, home: string, port: number) {
    this.#blocks = marked(join(copy.checkout, "docs/self-hosting.md"));
    // The settings of the document itself stand in its file, which comes first.
    this.#env = {
      PATH: process.env.PATH,
      HOME: home,
      PULPIT_PORT: String(port),
      PULPIT_WEB_PORT: "0",
      PULPIT_LOG_LEVEL: "warn",
    };
    this.#cwd = copy.checkout;
  }

  run(name: string): string {
    return execFileSync("bash", ["--norc", "-euc", this.#script(name)], {
      env: this.#env,
      cwd: this.#cwd,
      encoding: "utf8",
      timeout: 60_000,
    });
  }

  /** Starts what stays, and gives what it printed. */
  async start(name: string): Promise<{ printed: string } & AsyncDisposable> {
    const child = spawn("bash", ["--norc", "-euc", this.#script(name)], {
      env: this.#env,
      cwd: this.#cwd,
      stdio: ["ignore", "pipe", "inherit"],
      detached: true,
    });
    const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
    try {
      const printed = await printedBy(child);
      return { printed, [Symbol.asyncDispose]: () => end(child, ended) };
    } catch (error) {
      await end(child, ended);
      throw error;
    }
  }

  #script(name: string): string {
    const block = this.#blocks.get(name);
    assert.ok(block !== undefined, `the document has a block '${name}'`);
    return `${this.#blocks.get("shell")}\n${block}`;
  }
}

async function printedBy(child: ChildProcess): Promise<string> {
  let text = "";
  return new Promise((resolve, reject) => {
    child.stdout?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes("Share a desktop")) resolve(text);
    });
    child.once("exit", (code) => reject(new Error(`it ended with ${code}: ${text}`)));
  });
}

/** Shell, launcher and server: a group of their own. */
async function end(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) process.kill(-(child.pid as number), "SIGTERM");
  await ended;
}

/** What a client makes of the configuration in one piece (docs/protocol/wire.md, section 9.7). */
function imported(printed: string): { host: string; relay: string; key: string } {
  const [, text = ""] = /In one piece +(\S+)/.exec(printed) ?? [];
  assert.ok(printed.includes(`rustdesk://config/${text}`));
  return JSON.parse(Buffer.from([...text].reverse().join(""), "base64url").toString("utf8"));
}

async function natTest(port: number): Promise<void> {
  using connection = await stream(port);
  connection.socket.write(framed(message.natTest()));
  const own = varint(connection.socket.localPort as number);
  const inner = Buffer.concat([Buffer.of(0x08), own]);
  const expected = framed(Buffer.concat([Buffer.from([0xaa, 0x01, inner.length]), inner]));
  assert.deepEqual(await connection.bytes(expected.length), expected);
}

/** A stock client's day at a server on this port with this key. */
async function connectsEverywhere(port: number, key: string): Promise<void> {
  for (const tested of [port, port - 1]) await natTest(tested);
  using host = await device();
  assert.equal((await host.ask(port, message.registerPeer(ID))).toString("hex"), "3a021001");
  // OK is no byte at all; other results begin with 08.
  assert.doesNotMatch((await host.ask(port, message.registerPk(ID, UUID, KEY))).toString("hex"), /^8201..08/);
  assert.equal((await host.ask(port, message.registerPeer(ID))).toString("hex"), "3a00");
  {
    using thief = await device();
    const answer = await thief.ask(port, message.registerPk(ID, Buffer.alloc(16, 9), KEY));
    assert.match(answer.toString("hex"), /^8201..0802/);
  }
  {
    using viewer = await stream(port);
    const called = host.next();
    viewer.socket.write(framed(message.punchHoleRequest(ID, key)));
    // PunchHole, or FetchLocalAddr where both come from one address.
    assert.ok([0x4a, 0x62].includes((await called)[0] as number));
  }
  {
    using viewer = await stream(port);
    viewer.socket.write(framed(message.punchHoleRequest(ID, "somebody else's key")));
    // PunchHoleResponse with failure LICENSE_MISMATCH.
    const [header = 0] = await viewer.bytes(1);
    assert.match((await viewer.bytes(header >> 2)).toString("hex"), /^5a..1803/);
  }
  await relays(port + 1, key);
}

async function relays(port: number, key: string): Promise<void> {
  const uuid = randomUUID();
  using first = await stream(port);
  first.socket.write(framed(message.requestRelay(ID, uuid, key)));
  using second = await stream(port);
  second.socket.write(framed(message.requestRelay(ID, uuid, key)));
  first.socket.write("from the first");
  second.socket.write("from the second");
  assert.equal((await second.bytes(14)).toString(), "from the first");
  assert.equal((await first.bytes(15)).toString(), "from the second");
  using stranger = await stream(port);
  stranger.socket.write(framed(message.requestRelay(ID, randomUUID(), "no key")));
  await assert.rejects(stranger.bytes(1), /ended after 0 bytes/);
}

test("who follows the document has a server that stock clients can be pointed at", async () => {
  using copy = freshCopy();
  const port = await freePorts();
  const reader = new Reader(copy, copy.home, port);
  reader.run("once");
  {
    await using server = await reader.start("start");
    const { host, relay, key } = imported(server.printed);
    assert.deepEqual([host, relay], [`rd.example.com:${port}`, ""]);
    assert.match(
      server.printed,
      new RegExp(`ID server +rd\\.example\\.com:${port}\n +Relay server +rd\\.example\\.com:${port + 1}\n`),
    );
    assert.ok(server.printed.includes(`Key           ${key}\n`));
    await connectsEverywhere(port, key);
    const said = reader.run("ask");
    assert.match(said, /1 online, 1 known/);
    assert.match(said, /333333333 +online +127\.0\.0\.1/);
    assert.match(said, /public-host +rd\.example\.com +.*pulpit\.conf:1\n/);
    reader.run("backup");
    const kept = join(copy.home, "pulpit-backup");
    assert.equal(readFileSync(join(kept, "id_ed25519.pub"), "utf8"), key);
    const database = new DatabaseSync(join(kept, "pulpit.sqlite3"), { readOnly: true });
    assert.equal(database.prepare("SELECT id FROM device").get()?.id, ID);
    database.close();
  }
});

test("who moves a stock server as the document says keeps its key, and devices notice nothing", async () => {
  using copy = freshCopy();
  const stock = join(copy.home, "rustdesk-server");
  mkdirSync(stock);
  writeFileSync(join(stock, "id_ed25519"), `${SECRET}\n`);
  const database = new DatabaseSync(join(stock, "db_v2.sqlite3"));
  database.exec("CREATE TABLE peer (guid blob primary key, id varchar(100), uuid blob, pk blob, info text)");
  database.prepare("INSERT INTO peer VALUES (x'01', ?, ?, ?, '{}')").run(ID, UUID, KEY);
  database.close();
  const port = await freePorts();
  const reader = new Reader(copy, copy.home, port);
  assert.match(reader.run("import"), /Nothing was changed[\s\S]*Key: taken over\nDevices: 1 taken over/);
  reader.run("once");
  await using server = await reader.start("start");
  assert.equal(imported(server.printed).key, PUBLIC);
  {
    // Before the device has come, its ID is its own already.
    using thief = await device();
    const answer = await thief.ask(port, message.registerPk(ID, Buffer.alloc(16, 9), KEY));
    assert.match(answer.toString("hex"), /^8201..0802/);
  }
  await connectsEverywhere(port, PUBLIC);
});
