import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeCrypto } from "@pulpit/crypto-node";
import { type LogFields, silentLog } from "@pulpit/link-node";
import { issueTicket, joinRelay } from "@pulpit/protocol";
import { encodeServerMessage } from "@pulpit/wire";
import {
  ended,
  exchange,
  joined,
  LOCAL,
  PATHS,
  pair,
  pattern,
  same,
  started,
  tcp,
  until,
  websocket,
} from "../test/running.ts";

const crypto = nodeCrypto();
const server = crypto.signKeyPair(new Uint8Array(32).fill(4));
const UUID = "0b7e0c1e-0000-4000-8000-000000000000";

test("a third arrival is refused, also when the pair has parted, and a stranger without the key never waits", async () => {
  await using relay = await started();
  const a = await joined(tcp(relay), "u2");
  const b = await joined(websocket(relay), "u2");
  await exchange(a, b);
  for (const open of [tcp, websocket]) {
    assert.equal(await ended(await joined(open(relay), "u2")), undefined);
    assert.equal(await ended(await joined(open(relay), "other", "wrong")), undefined);
  }
  await exchange(b, a);
  await Promise.all([a.close(), b.close()]);
  await until(() => relay.stats().pairs === 0);
  assert.equal(await ended(await joined(tcp(relay), "u2")), undefined);
  assert.deepEqual(relay.stats().refused, { "uuid-in-use": 3, "wrong-key": 2 });
});

test("with tickets wanted, the key alone joins nobody, and who was introduced is joined", async () => {
  const serverKey = { publicKey: server.publicKey, publicText: "key" };
  await using relay = await started({ policy: "ticket", serverKey });
  assert.equal(await ended(await joined(tcp(relay), UUID)), undefined);
  const until = Math.floor(Date.now() / 1000) + 60;
  const ticket = issueTicket(crypto, { uuid: UUID, until }, server.secretKey);
  const introduced = async (open: typeof tcp) => {
    const link = await open(relay);
    await link.send(encodeServerMessage(joinRelay({ uuid: UUID, licenceKey: "", ticket })));
    return link;
  };
  const [a, b] = [await introduced(tcp), await introduced(websocket)];
  await exchange(a, b);
  assert.deepEqual(relay.stats().refused, { "no-ticket": 1 });
  await Promise.all([a.close(), b.close()]);
});

test("who leaves while it waits is forgotten at once, on TCP and WebSocket, whatever it said before", async () => {
  await using relay = await started();
  for (const open of [tcp, websocket]) {
    for (const early of [0, 10, 40_000]) {
      const first = await joined(open(relay), "back");
      if (early > 0) await first.send(pattern(early, 1));
      await until(() => relay.stats().waiting === 1);
      await first.close(early === 10 ? new Error("torn") : undefined);
      await until(() => relay.stats().waiting === 0);
    }
  }
  const [a, b] = await pair(relay, "back");
  await Promise.all([a.close(), b.close()]);
});

for (const dataPath of PATHS) {
  test(`${dataPath}: who is refused from now on is parted from its partner, and turned away when it comes`, async () => {
    await using relay = await started({ dataPath });
    const [a, b] = await pair(relay, "u1");
    const [c, d] = await pair(relay, "u2", websocket);
    relay.setRefused(["10.0.0.0/8", LOCAL]);
    for (const link of [a, b, c, d]) assert.equal(await ended(link), undefined);
    assert.equal(await ended(await joined(tcp(relay), "u3")), undefined);
    relay.setRefused([]);
    const [e, f] = await pair(relay, "u4");
    await Promise.all([e.close(), f.close()]);
    assert.throws(() => relay.setRefused(["nonsense"]), { code: "not-an-address" });
  });

  test(`${dataPath}: pairs are listed with what they move, and slow down when they are throttled`, async () => {
    await using relay = await started({ dataPath });
    const [a, b] = await pair(relay, "u1");
    await a.send(pattern(1_000_000, 1));
    assert.ok(same(await b.receive(), pattern(1_000_000, 1)));
    const [usage] = relay.usage();
    assert.ok(usage !== undefined && usage.bytes > 1_000_000 && !usage.throttled);
    assert.deepEqual([usage.first, usage.second, usage.transports], [LOCAL, LOCAL, "tcp-tcp"]);
    relay.setThrottled(["127.0.0.0/8"]);
    assert.equal(relay.usage()[0]?.throttled, true);
    assert.equal(relay.stats().throttledPairs, 1);
    await exchange(a, b);
    await Promise.all([a.close(), b.close()]);
  });
}

test("however often one address is refused, it is a line of the log", async () => {
  const lines: (LogFields | undefined)[] = [];
  const info = (message: string, fields?: LogFields): void => {
    if (message === "party refused") lines.push(fields);
  };
  await using relay = await started({}, { ...silentLog, info });
  for (let i = 0; i < 20; i++) await ended(await joined(tcp(relay), `${i}`, "wrong"));
  assert.deepEqual(lines, [{ address: LOCAL, why: "wrong-key" }]);
  assert.deepEqual(relay.stats().refused, { "wrong-key": 20 });
});
