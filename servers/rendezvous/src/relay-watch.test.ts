import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { test } from "node:test";
import { RelayWatch } from "./relay-watch.ts";

const turns = (watch: RelayWatch, count: number): Set<string> =>
  new Set(Array.from({ length: count }, () => watch.next()));

async function listening(): Promise<{ server: Server; address: string }> {
  const server = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, address: `127.0.0.1:${(server.address() as { port: number }).port}` };
}

test("without relays, or with one, there is nothing to find out", () => {
  using none = new RelayWatch([]);
  assert.equal(none.next(), "");
  using one = new RelayWatch(["relay.example"]);
  assert.deepEqual(turns(one, 3), new Set(["relay.example"]));
  assert.ok(one.has("relay.example") && !one.has("other.example"));
});

test("of several, those that answer take turns; when none does, those of before stay", async () => {
  const [first, second] = await Promise.all([listening(), listening()]);
  const gone = await listening();
  gone.server.close();
  using watch = new RelayWatch([first.address, second.address, gone.address, "not an address!"]);
  while (watch.reachable.length !== 2) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.deepEqual(turns(watch, 10), new Set([first.address, second.address]));
  assert.ok(watch.has(gone.address), "it is still one of ours");
  first.server.close();
  second.server.close();
});
