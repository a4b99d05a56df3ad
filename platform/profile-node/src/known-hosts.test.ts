import assert from "node:assert/strict";
import { test } from "node:test";
import { profile } from "../test/profile.ts";
import { knownHostsIn } from "./known-hosts.ts";

const key = (value: number): Uint8Array => new Uint8Array(32).fill(value);

test("a pinned key is found again by server and host", async (t) => {
  const known = knownHostsIn(profile(t));
  await known.set("server", "123456789", key(1));
  assert.deepEqual(await known.get("server", "123456789"), key(1));
  assert.equal(await known.get("other", "123456789"), undefined);
});

test("a file from before there were names is read, and goes on as it is", async (t) => {
  const folder = profile(t);
  folder.write("known-hosts.json", { "server 123456789": Buffer.from(key(1)).toString("base64") });
  const known = knownHostsIn(folder);
  assert.deepEqual(await known.get("server", "123456789"), key(1));
  await known.set("server", "987654321", key(2));
  assert.deepEqual(await known.list(), [
    { serverKey: "server", hostId: "123456789", key: key(1), name: "" },
    { serverKey: "server", hostId: "987654321", key: key(2), name: "" },
  ]);
});

test("a name stays when the key is another one", async (t) => {
  const known = knownHostsIn(profile(t));
  assert.equal(await known.rename("server", "1", "Mum"), false);
  await known.set("server", "1", key(1));
  assert.equal(await known.rename("server", "1", "Mum".padEnd(200)), true);
  await known.set("server", "1", key(2));
  const [host] = await known.list();
  assert.deepEqual([host?.key, host?.name], [key(2), "Mum".padEnd(100)]);
});

test("a forgotten host is met for the first time again", async (t) => {
  const known = knownHostsIn(profile(t));
  await known.set("server", "1", key(1));
  await known.set("server", "2", key(2));
  assert.equal(await known.forget("server", "1"), true);
  assert.equal(await known.forget("server", "1"), false);
  assert.equal(await known.get("server", "1"), undefined);
  assert.deepEqual(await known.get("server", "2"), key(2));
});

test("a key that can't be read is an error, never a first visit", async (t) => {
  const folder = profile(t);
  const known = knownHostsIn(folder);
  for (const stored of ["", "AAAA", 7, null, { name: "x" }, { key: Buffer.alloc(32).toString("base64") }]) {
    folder.write("known-hosts.json", { "server 1": stored });
    await assert.rejects(known.get("server", "1"), { code: "damaged" }, JSON.stringify(stored));
    await assert.rejects(known.set("server", "1", key(2)), { code: "damaged" });
  }
  for (const file of [7, [], "text"]) {
    folder.write("known-hosts.json", file);
    await assert.rejects(known.get("server", "1"), { code: "damaged" }, JSON.stringify(file));
  }
});
