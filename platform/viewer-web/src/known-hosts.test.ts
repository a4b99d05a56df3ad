import assert from "node:assert/strict";
import { test } from "node:test";
import { BrowserKnownHosts } from "./known-hosts.ts";

/** As much of a page's storage as is used here; `room`: characters a value may have. */
function storage(room = 1000): Storage {
  const items = new Map<string, string>();
  return {
    get length() {
      return items.size;
    },
    key: (index: number) => [...items.keys()][index] ?? null,
    getItem: (name: string) => items.get(name) ?? null,
    removeItem: (name: string) => void items.delete(name),
    setItem(name: string, value: string) {
      if (value.length > room) throw new DOMException("full", "QuotaExceededError");
      items.set(name, value);
    },
  } as Storage;
}

const bytes = (seed: number): Uint8Array => Uint8Array.from({ length: 32 }, (_, i) => (seed + i * 3) % 256);
const text = (key: Uint8Array): string => btoa(String.fromCharCode(...key));
const [key, otherKey, secret] = [bytes(255), bytes(1), bytes(2)];
const hostsIn = (place: Storage, now = 5): BrowserKnownHosts => new BrowserKnownHosts(place, () => now);

test("a key is remembered for its host at its server, and for no other", async () => {
  const shared = storage();
  await hostsIn(shared).set("server=", "123456789", key);
  const later = hostsIn(shared);
  assert.deepEqual(await later.get("server=", "123456789"), key);
  assert.equal(await later.get("server=", "12345678"), undefined);
  assert.equal(await later.get("other=", "123456789"), undefined);
});

test("what was stored and is no key counts as nothing", async () => {
  const shared = storage();
  for (const rubbish of ["", "!!", btoa("short"), btoa("a".repeat(33)), "{", "{}", '{"key":5}', "null", "[1]"]) {
    shared.setItem("pulpit.known-host.s 1", rubbish);
    assert.equal(await hostsIn(shared).get("s", "1"), undefined);
    assert.deepEqual(hostsIn(shared).list(), []);
  }
});

test("a key that was stored alone, as it once was, still counts and can be named", async () => {
  const shared = storage();
  shared.setItem("pulpit.known-host.s 1", text(key));
  const hosts = hostsIn(shared);
  assert.deepEqual(await hosts.get("s", "1"), key);
  await hosts.set("s", "1", key);
  assert.equal(hosts.list()[0]?.firstSeen, undefined, "nobody knows when that was");
  hosts.rename("s", "1", "Office");
  assert.deepEqual(await hostsIn(shared).get("s", "1"), key);
  assert.equal(hostsIn(shared).nameOf("s", "1"), "Office");
});

test("known computers are listed by name with what is known of each, and nothing else of the storage is", async () => {
  const shared = storage();
  shared.setItem("pulpit.recent", "[]");
  shared.setItem("pulpit.known-host.", text(key));
  shared.setItem("pulpit.known-host.one two three", text(key));
  const hosts = hostsIn(shared, 77);
  await hosts.set("s", "222222222", key);
  await hosts.set("s", "111111111", otherKey);
  hosts.rename("s", "222222222", "  Attic ");
  hosts.deviceSecrets.set("s", "111111111", secret);
  const common = { serverKey: "s", firstSeen: 77 };
  const attic = { hostId: "222222222", key, name: "Attic", trustsUs: false };
  const other = { hostId: "111111111", key: otherKey, name: "", trustsUs: true };
  assert.deepEqual(hostsIn(shared).list(), [
    { ...common, ...other },
    { ...common, ...attic },
  ]);
});

test("a name is bounded, whoever wrote it", async () => {
  const shared = storage(9999);
  const hosts = hostsIn(shared);
  await hosts.set("s", "1", key);
  hosts.rename("s", "1", "x".repeat(500));
  assert.equal(hosts.nameOf("s", "1").length, 64);
  shared.setItem("pulpit.known-host.s 1", JSON.stringify({ key: text(key), name: "x".repeat(5000) }));
  assert.equal(hosts.nameOf("s", "1").length, 64);
  hosts.rename("s", "nobody", "name");
  assert.equal(hosts.nameOf("s", "nobody"), "", "only what is known has a name");
});

test("who is forgotten is forgotten with name and trust", async () => {
  const hosts = hostsIn(storage());
  await hosts.set("s", "1", key);
  hosts.rename("s", "1", "Office");
  hosts.deviceSecrets.set("s", "1", secret);
  hosts.forget("s", "1");
  await hosts.set("s", "1", key);
  assert.deepEqual([hosts.nameOf("s", "1"), hosts.deviceSecrets.get("s", "1")], ["", undefined]);
});

test("the secret a host trusts us by is kept for that host's key only", async () => {
  const hosts = hostsIn(storage());
  hosts.deviceSecrets.set("s", "1", secret);
  assert.equal(hosts.deviceSecrets.get("s", "1"), undefined, "a host without a key is nobody");
  await hosts.set("s", "1", key);
  hosts.rename("s", "1", "Office");
  hosts.deviceSecrets.set("s", "1", secret);
  await hosts.set("s", "1", key);
  assert.deepEqual(hosts.deviceSecrets.get("s", "1"), secret);
  await hosts.set("s", "1", otherKey);
  assert.equal(hosts.deviceSecrets.get("s", "1"), undefined);
  assert.equal(hosts.nameOf("s", "1"), "Office");
  hosts.deviceSecrets.set("s", "1", secret);
  hosts.deviceSecrets.forget("s", "1");
  assert.equal(hosts.deviceSecrets.get("s", "1"), undefined);
  assert.deepEqual(await hosts.get("s", "1"), otherKey);
});

test("a full storage forgets when the page is left, not before", async () => {
  const full = storage(0);
  const hosts = hostsIn(full);
  await hosts.set("s", "1", key);
  assert.deepEqual(await hosts.get("s", "1"), key);
  assert.equal(hosts.list().length, 1);
  assert.equal(await hostsIn(full).get("s", "1"), undefined);
});
