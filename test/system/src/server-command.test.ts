import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { type RunningServer, serverPlace } from "./server-process.ts";
import { device, framed, message, stream } from "./stock-bytes.ts";

// docs/protocol/wire.md, section 9.2.
const PUBLIC = "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=";
const SECRET = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8DoQe/884Qvh1w3RjnS8CZZ+TWMJulDV8d3IZkElUxuA==";

/** What a stock server leaves (docs/protocol/rendezvous.md, section 5.2), with two devices and a row that is none. */
function stockFolder(folder: string): string {
  const stock = join(folder, "stock");
  mkdirSync(stock);
  writeFileSync(join(stock, "id_ed25519"), SECRET);
  writeFileSync(join(stock, "id_ed25519.pub"), PUBLIC);
  const database = new DatabaseSync(join(stock, "db_v2.sqlite3"));
  database.exec(`CREATE TABLE peer (guid blob primary key not null, id varchar(100) not null, uuid blob not null,
    pk blob not null, created_at datetime not null default (current_timestamp), user blob, status tinyint,
    note varchar(300), info text not null) without rowid`);
  const add = database.prepare("INSERT INTO peer (guid, id, uuid, pk, info) VALUES (?, ?, ?, ?, ?)");
  const pk = new Uint8Array(32).fill(6);
  add.run(Uint8Array.of(1), "333333333", new Uint8Array(16).fill(5), pk, '{"ip":"::ffff:192.0.2.1"}');
  add.run(Uint8Array.of(2), "444444444", new Uint8Array(16).fill(4), pk, "{}");
  add.run(Uint8Array.of(3), "555555555", new Uint8Array(16).fill(4), Uint8Array.of(1), "{}");
  database.close();
  return stock;
}

test("a server that does not run is said so, in one line and exit code 1; what makes no sense is exit code 2", () => {
  using place = serverPlace();
  for (const command of ["status", "devices", "blocklist", "keys", "usage", "config"]) {
    const { code, out, err } = place.run("server", command);
    assert.deepEqual([code, out], [1, ""], command);
    assert.match(err, /^pulpit: No server runs on the data folder .*data\. Start one with 'pulpit server'.*\n$/);
  }
  for (const bad of [
    ["devices", "fly"],
    ["devices", "show"],
    ["status", "extra"],
    ["blocklist", "add"],
    ["import"],
    ["--port", "many"],
    ["--key", PUBLIC, "--port", "0"],
    ["devices", "--colour"],
  ]) {
    const { code, err } = place.run("server", ...bad);
    assert.equal(code, 2, bad.join(" "));
    assert.match(err, /^pulpit: .+\n$/, bad.join(" "));
  }
  assert.match(
    place.run("server", "--help").out,
    /devices approve ID[\s\S]*--always-use-relay\n[\s\S]*--drain-seconds/,
  );
});

test("a running server tells how it is, who is known, and what it goes by; nobody else gets its folder", async () => {
  using place = serverPlace();
  await using server = await place.start("--enrolment", "closed", "--metrics-token", "hush-hush");
  const status = place.json<{ ports: Record<string, number>; state: string }>("server", "status");
  assert.equal(status.state, "serving");
  assert.equal(Object.keys(status.ports).length, 6);
  assert.match(place.run("server", "status").out, /^Pulpit +\d.*serving for/);
  assert.match(place.run("server", "devices").out, /^No device is known/);
  assert.match(place.run("server", "devices", "wishes").out, /^Nobody waits/);
  assert.match(place.run("server", "devices", "check").out, /whole/);
  const missing = place.run("server", "devices", "show", "333 333 333");
  assert.deepEqual([missing.code, missing.err], [1, "pulpit: There is no device with the ID 333333333\n"]);
  const key = readFileSync(join(place.data, "id_ed25519.pub"), "utf8");
  assert.match(server.text(), new RegExp(`Key +${key.replaceAll("+", "\\+")}`));
  assert.equal(place.json<{ publicKey: string }>("server", "keys").publicKey, key);
  const settings = place.json<{ name: string; value: string; from: string }[]>("server", "config");
  const setting = (name: string) => settings.find((item) => item.name === name);
  assert.deepEqual(setting("enrolment"), { name: "enrolment", value: "closed", from: "--enrolment" });
  assert.equal(setting("data")?.from, "variable PULPIT_DATA");
  assert.equal(setting("metrics-token")?.value, "(secret)");
  assert.ok(!JSON.stringify(settings).includes("hush") && !server.text().includes("hush"));
  assert.deepEqual(
    [statSync(place.data).mode & 0o777, statSync(join(place.data, "admin.sock")).mode & 0o777],
    [0o700, 0o600],
  );
  const second = place.run("server", "--host", "127.0.0.1", "--port", "0", "--web-port", "0");
  assert.deepEqual([second.code, second.out], [1, ""]);
  assert.match(second.err, /pulpit: A server runs on this data folder already/);
});

test("where enrolment is closed a device waits, keeps its ID, and is let in by one word", async () => {
  using place = serverPlace();
  await using server = await place.start("--enrolment", "closed");
  const [, port] = await server.said(/"part":"rendezvous","port":(\d+)/);
  using newcomer = await device();
  const register = async (): Promise<string> => {
    const request = message.registerPk("333333333", Buffer.alloc(16, 5), Buffer.alloc(32, 6));
    return (await newcomer.ask(Number(port), request)).toString("hex");
  };
  // RegisterPkResponse with NOT_DEPLOYED; OK would be no byte at all.
  assert.match(await register(), /^8201..0808/);
  assert.match(place.run("server", "devices", "wishes").out, /\n333333333 +new +127\.0\.0\.1/);
  assert.equal(place.run("server", "devices", "approve", "333333333").code, 0);
  assert.doesNotMatch(await register(), /^8201..08/);
  assert.match(place.run("server", "devices").out, /333333333 +online/);
  assert.equal(place.run("server", "devices", "approve", "333333333").code, 1);
});

test("a stock server is taken over, once or often, without or with a server running; a key that differs is not replaced unasked", async () => {
  using place = serverPlace();
  const stock = stockFolder(place.folder);
  const looked = place.run("server", "import", stock, "--dry-run");
  assert.match(
    looked.out,
    /^Nothing was changed[\s\S]*Key: taken over[\s\S]*2 taken over.*1 unusable\n {2}555555555: its key is none/,
  );
  assert.ok(!existsSync(place.data));
  assert.match(place.run("server", "import", stock).out, /^Key: taken over\nDevices: 2 taken over/);
  assert.equal(readFileSync(join(place.data, "id_ed25519"), "utf8"), SECRET);
  assert.equal(statSync(join(place.data, "id_ed25519")).mode & 0o777, 0o600);
  {
    await using server = await place.start();
    assert.ok(server.text().includes(PUBLIC));
    assert.match(
      place.run("server", "import", stock).out,
      /^Key: it is here already\nDevices: 0 taken over, 2 here already/,
    );
    const shown = place.run("server", "devices", "show", "333333333").out;
    assert.match(shown, /Address +192\.0\.2\.1\n/);
    assert.match(place.run("server", "devices", "remove", "444444444").out, /free/);
    assert.match(place.run("server", "import", stock).out, /Devices: 1 taken over, 1 here already/);
  }
  writeFileSync(join(stock, "id_ed25519"), Buffer.from(otherSecret()).toString("base64"));
  const refused = place.run("server", "import", stock);
  assert.deepEqual([refused.code, refused.out], [1, ""]);
  assert.match(refused.err, /Another key is in .*Nothing was taken over/);
  assert.equal(readFileSync(join(place.data, "id_ed25519"), "utf8"), SECRET);
  const [, backup = ""] = /kept in (.+)\n/.exec(place.run("server", "import", stock, "--force").out) ?? [];
  assert.equal(readFileSync(backup, "utf8"), SECRET);
  assert.notEqual(readFileSync(join(place.data, "id_ed25519"), "utf8"), SECRET);
});

/** The key of another server, which could not open its ports to others and left it behind. */
function otherSecret(): Uint8Array {
  using place = serverPlace();
  place.run("server", "--host", "127.0.0.1", "--port", "0", "--web-port", "0", "--web-host", "192.0.2.255");
  return new Uint8Array(Buffer.from(readFileSync(join(place.data, "id_ed25519"), "utf8"), "base64"));
}

test("lists are changed while it runs and read again at SIGHUP; a broken one is told and changes nothing", async () => {
  using place = serverPlace();
  await using server = await place.start();
  const file = join(place.data, "blocklist.txt");
  assert.match(place.run("server", "blocklist", "add", "192.0.2.7", "198.51.100.0/24").out, /192\.0\.2\.7 +refused/);
  assert.match(place.run("server", "blocklist", "add", "192.0.2.8", "--throttle").out, /192\.0\.2\.8 +throttled/);
  assert.equal(readFileSync(file, "utf8"), "192.0.2.7\n198.51.100.0/24\n");
  assert.equal(place.run("server", "blocklist", "add", "somewhere").code, 1);
  assert.match(place.run("server", "blocklist", "remove", "192.0.2.9").err, /is not in the list/);
  assert.doesNotMatch(place.run("server", "blocklist", "remove", "192.0.2.7").out, /192\.0\.2\.7/);
  writeFileSync(file, "# ours\n127.0.0.1 a person's note\n");
  server.child.kill("SIGHUP");
  await server.said(/read again/);
  const [, port] = /"part":"relay","port":(\d+)/.exec(server.text()) ?? [];
  const socket = connect(Number(port), "127.0.0.1");
  socket.on("error", () => undefined);
  await new Promise((resolve) => socket.once("close", resolve));
  writeFileSync(file, "everybody\n");
  server.child.kill("SIGHUP");
  await server.said(/lists stay as they were.*|blocklist\.txt:1/);
});

test("SIGTERM ends it with 0; a new one goes on where it stopped", async () => {
  using place = serverPlace();
  await using first = await place.start();
  const key = place.json<{ publicKey: string }>("server", "keys").publicKey;
  first.child.kill("SIGTERM");
  assert.equal(await first.ended, 0);
  assert.equal(place.run("server", "status").code, 1);
  await using _second = await place.start();
  assert.equal(place.json<{ publicKey: string }>("server", "keys").publicKey, key);
});

/** Two parties of one session on a server's relay. */
async function pair(server: RunningServer, key: string): Promise<Awaited<ReturnType<typeof stream>>[]> {
  const [, port] = await server.said(/"part":"relay","port":(\d+)/);
  const uuid = randomUUID();
  const parties = [await stream(Number(port)), await stream(Number(port))];
  for (const { socket } of parties) socket.write(framed(message.requestRelay("333333333", uuid, key)));
  parties[0]?.socket.write("one");
  assert.equal((await parties[1]?.bytes(3))?.toString(), "one");
  return parties;
}

test("a stop lets relayed sessions go on until they end, and takes no new ones", async () => {
  using place = serverPlace();
  await using server = await place.start("--drain-seconds", "600");
  const key = readFileSync(join(place.data, "id_ed25519.pub"), "utf8");
  const [first, second] = await pair(server, key);
  server.child.kill("SIGTERM");
  await server.said(/stopping when relayed sessions have ended/);
  assert.equal(place.json<{ state: string }>("server", "status").state, "draining");
  assert.equal(place.json<unknown[]>("server", "usage").length, 1);
  second?.socket.write("still there");
  assert.equal((await first?.bytes(11))?.toString(), "still there");
  const [, port] = await server.said(/"part":"relay","port":(\d+)/);
  await assert.rejects(stream(Number(port)).then((late) => late.bytes(1)));
  first?.socket.destroy();
  assert.equal(await server.ended, 0);
  second?.socket.destroy();
});

test("a second signal waits for nobody", async () => {
  using place = serverPlace();
  await using server = await place.start("--drain-seconds", "600");
  const parties = await pair(server, readFileSync(join(place.data, "id_ed25519.pub"), "utf8"));
  server.child.kill("SIGTERM");
  await server.said(/stopping when relayed sessions have ended/);
  server.child.kill("SIGTERM");
  assert.equal(await server.ended, 0);
  for (const { socket } of parties) socket.destroy();
});
