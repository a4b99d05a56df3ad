import assert from "node:assert/strict";
import { test } from "node:test";
import { browserKnownHosts } from "./known-hosts.ts";

/** As much of a page's storage as is used here; `room`: characters it takes. */
function storage(room: number): Storage {
  const items = new Map<string, string>();
  return {
    getItem: (name: string) => items.get(name) ?? null,
    setItem(name: string, value: string) {
      if (value.length > room) throw new DOMException("full", "QuotaExceededError");
      items.set(name, value);
    },
  } as Storage;
}

const key = Uint8Array.from({ length: 32 }, (_, i) => 255 - i * 3);

test("a key is remembered for its host at its server, and for no other", async () => {
  const shared = storage(1000);
  await browserKnownHosts(shared).set("server=", "123456789", key);
  const later = browserKnownHosts(shared);
  assert.deepEqual(await later.get("server=", "123456789"), key);
  assert.equal(await later.get("server=", "12345678"), undefined);
  assert.equal(await later.get("other=", "123456789"), undefined);
});

test("what was stored and is no key counts as nothing", async () => {
  const shared = storage(1000);
  for (const text of ["", "!!", btoa("short"), `${btoa("a".repeat(33))}`]) {
    shared.setItem("pulpit.known-host.s 1", text);
    assert.equal(await browserKnownHosts(shared).get("s", "1"), undefined);
  }
});

test("a full storage forgets when the page is left, not before", async () => {
  const full = storage(0);
  const hosts = browserKnownHosts(full);
  await hosts.set("s", "1", key);
  assert.deepEqual(await hosts.get("s", "1"), key);
  assert.equal(await browserKnownHosts(full).get("s", "1"), undefined);
});
