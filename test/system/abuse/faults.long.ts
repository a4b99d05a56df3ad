import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type TestContext, test } from "node:test";
import { RegisterPkResponse_Result as Result } from "@pulpit/wire";
import { loopbackAddress } from "./addresses.ts";
import { smallDisk, temporaryHome } from "./homes.ts";
import { Device } from "./legitimate.ts";
import { type ServerProcess, startServer } from "./server-process.ts";
import { ANSWER_WITHIN, assertPrompt, pause, Times } from "./timing.ts";

/** Devices that register at the same time, each from an address of its own. */
const AT_ONCE = 40;

/** Registers one new device after the other until `over`; gives the IDs that were answered OK. */
async function rush(server: ServerProcess, firstAddress: number, over: () => boolean): Promise<string[]> {
  const registered: string[] = [];
  let next = firstAddress;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (!over()) {
        // An address may register so many devices only.
        await using device = await Device.at(server, loopbackAddress(next++));
        const result = await device.register(AbortSignal.timeout(ANSWER_WITHIN)).catch(() => undefined);
        if (result === Result.OK) registered.push(device.id);
      }
    }),
  );
  return registered;
}

/** Those of `ids` that another device may now take: what the server has forgotten. */
async function forgotten(server: ServerProcess, ids: readonly string[]): Promise<string[]> {
  const lost: string[] = [];
  for (const [i, id] of ids.entries()) {
    await using thief = await Device.at(server, loopbackAddress(200_000 + i), id);
    // The server has just started and answers everybody; twice, as datagrams may get lost.
    const answer = (): Promise<Result | undefined> =>
      thief.register(AbortSignal.timeout(ANSWER_WITHIN)).catch(() => undefined);
    const result = (await answer()) ?? (await answer());
    if (result !== Result.UUID_MISMATCH) lost.push(`${id}: ${result}`);
  }
  return lost;
}

test("whoever was told OK is still known after kill -9, and the server is still itself", async (t) => {
  using home = temporaryHome();
  const known: string[] = [];
  let key: string | undefined;
  for (let round = 0; round < 5; round++) {
    await using server = await startServer({ home: home.path });
    key ??= server.key;
    assert.equal(server.key, key);
    let over = false;
    const rushing = rush(server, round * 20_000, () => over);
    await pause(700 + round * 300);
    await server.kill("SIGKILL");
    over = true;
    known.push(...(await rushing));
  }
  await using server = await startServer({ home: home.path });
  t.diagnostic(`${known.length} registrations in 5 lives of the server`);
  assert.ok(known.length > 500);
  assert.equal(server.key, key);
  // As many as can be asked in some seconds, the last ones of each life among them.
  assert.deepEqual(
    await forgotten(
      server,
      known.filter((_, i) => i % 3 === 0 || i > known.length - 200),
    ),
    [],
  );
});

/** Holds the database for so long, ms, while a new device wants to register and a known one reports. */
async function locked(t: TestContext, duration: number): Promise<{ server: string | undefined; alive: Times }> {
  await using server = await startServer();
  await using known = await Device.at(server, "127.0.0.1");
  assert.equal(await known.register(), Result.OK);
  const alive = new Times();
  {
    using database = new DatabaseSync(join(server.home, "server", "pulpit.sqlite3"));
    database.exec("BEGIN EXCLUSIVE");
    await using newcomer = await Device.at(server, "127.0.0.2");
    const answer = newcomer.register(AbortSignal.timeout(duration)).catch(() => undefined);
    await pause(100);
    const until = performance.now() + duration;
    while (performance.now() < until) {
      await alive.measure((signal) => known.alive(signal));
      await pause(100);
    }
    database.exec("ROLLBACK");
    t.diagnostic(
      `locked for ${duration} ms; a known device meanwhile: ${alive}; a new one: ${Result[(await answer) ?? -1] ?? "no answer"}`,
    );
  }
  await pause(1000);
  if (server.ended !== undefined) return { server: `${server.ended}\n${server.words()}`, alive };
  for (let i = 3; i < 8; i++) {
    await using later = await Device.at(server, `127.0.0.${i}`);
    assert.equal(await later.register(AbortSignal.timeout(ANSWER_WITHIN)), Result.OK);
  }
  assert.equal(await known.register(AbortSignal.timeout(ANSWER_WITHIN)), Result.OK);
  return { server: undefined, alive };
}

test("a database that another program holds for three seconds costs new devices their turn, and nothing else", async (t) => {
  assert.equal((await locked(t, 3000)).server, undefined);
});

test("a database that another program holds for twelve seconds ends no server", async (t) => {
  assert.equal((await locked(t, 12_000)).server, undefined);
});

test("while the database is held, devices that are known go on", async (t) => {
  const { alive } = await locked(t, 4000);
  assertPrompt("RegisterPeer", alive);
});

test("a full disk ends no server and loses nothing, and what is freed is used", async (t) => {
  using disk = smallDisk();
  if (disk === undefined) return t.skip("a file system of one's own needs root");
  const home = join(disk.path, "home");
  let over = false;
  let known: string[] = [];
  let ended: string | undefined;
  {
    await using server = await startServer({ home });
    const rushing = rush(server, 0, () => over);
    await pause(1000);
    over = true;
    known = await rushing;
    disk.fill();
    await using regular = await Device.at(server, "127.0.0.1", known[0]);
    over = false;
    const more = rush(server, 50_000, () => over);
    await pause(3000);
    over = true;
    const late = await more;
    t.diagnostic(`${known.length} registered before the disk was full, ${late.length} after`);
    // Whoever was told OK is known, full disk or not.
    known.push(...late);
    ended = server.ended;
    if (ended === undefined) {
      assert.equal(await regular.register(AbortSignal.timeout(ANSWER_WITHIN)), Result.UUID_MISMATCH);
      disk.free();
      await pause(500);
      await using device = await Device.at(server, "127.0.0.2");
      assert.equal(await device.register(AbortSignal.timeout(ANSWER_WITHIN)), Result.OK);
      known.push(device.id);
    } else t.diagnostic(`the server ended: ${ended} ${/Error: .*/.exec(server.words())?.[0]}`);
    await server.kill("SIGKILL");
  }
  disk.free();
  await using server = await startServer({ home });
  await using device = await Device.at(server, "127.0.0.3");
  assert.equal(await device.register(AbortSignal.timeout(ANSWER_WITHIN)), Result.OK);
  assert.deepEqual(
    await forgotten(
      server,
      known.filter((_, i) => i % 3 === 0 || i > known.length - 200),
    ),
    [],
  );
  assert.equal(ended, undefined, "the server did not survive the full disk");
});

test("an ID belongs to the uuid that registered it, whoever else asks how often", async () => {
  await using server = await startServer();
  await using owner = await Device.at(server, "127.0.0.1");
  assert.equal(await owner.register(), Result.OK);
  for (let i = 0; i < 100; i++) {
    await using thief = await Device.at(server, loopbackAddress(i), owner.id);
    thief.send({ case: "registerPk", value: { id: owner.id, uuid: randomBytes(16), pk: owner.publicKey } });
    assert.equal(
      (await thief.next("registerPkResponse", AbortSignal.timeout(5000))).value.result,
      Result.UUID_MISMATCH,
    );
  }
  assert.equal(await owner.register(), Result.OK);
});
