import assert from "node:assert/strict";
import { connect } from "node:net";
import { test } from "node:test";
import { ended, joined, LOCAL, PATHS, pair, pattern, same, started, tcp, until, websocket } from "../test/running.ts";

for (const dataPath of PATHS) {
  for (const [first, second, name] of [
    [tcp, tcp, "TCP and TCP"],
    [tcp, websocket, "TCP and WebSocket"],
    [websocket, tcp, "WebSocket and TCP"],
    [websocket, websocket, "WebSocket and WebSocket"],
  ] as const) {
    test(`${dataPath}, ${name}: messages of every size arrive whole and in order, both ways, and the end of one is the end of both`, async () => {
      await using relay = await started({ dataPath });
      const a = await joined(first(relay), "u1");
      const b = await joined(second(relay), "u1");
      const sizes = [1, 63, 64, 16_383, 16_384, 100_000, 4_194_303, 4_194_304, 2];
      const sending = (async () => {
        for (const [i, size] of sizes.entries()) await a.send(pattern(size, i));
      })();
      const back = (async () => {
        for (const [i, size] of sizes.entries()) await b.send(pattern(size, i + 20));
      })();
      for (const [i, size] of sizes.entries()) {
        assert.ok(same(await b.receive(), pattern(size, i)), `${size} bytes`);
        assert.ok(same(await a.receive(), pattern(size, i + 20)), `${size} bytes back`);
      }
      await Promise.all([sending, back]);
      assert.ok(relay.stats().bytes >= 2 * sizes.reduce((sum, size) => sum + size, 0));
      await a.close();
      assert.equal(await b.receive(), undefined);
      await b.close();
      await until(() => relay.stats().pairs === 0);
    });

    test(`${dataPath}, ${name}: what the first says before it has a partner is not lost`, async () => {
      await using relay = await started({ dataPath });
      const a = await joined(first(relay), "u2");
      // On TCP what is more than that waits in the socket; a WebSocket's messages can't be taken in part.
      const early = [pattern(10, 1), pattern(50_000, 2), ...(first === tcp ? [pattern(900_000, 3)] : [])];
      const sending = Promise.all(early.map((message) => a.send(message)));
      await until(() => relay.stats().waiting === 1);
      await new Promise((resolve) => setTimeout(resolve, 50));
      const b = await joined(second(relay), "u2");
      for (const message of early) assert.ok(same(await b.receive(), message), `${message.length}`);
      await sending;
      await Promise.all([a.close(), b.close()]);
    });
  }

  test(`${dataPath}: rubbish, half frames and huge announcements end their own connection only`, async () => {
    await using relay = await started({ dataPath });
    const rubbish = [[0x0c, 1, 2, 3], [0xff, 0xff, 0xff, 0xff], [0x04], [0xfc, 0], Array<number>(5000).fill(0x41)];
    for (const bytes of rubbish) {
      await new Promise<void>((resolve) => {
        const socket = connect(relay.ports.main, LOCAL, () => {
          socket.end(Uint8Array.from(bytes));
        });
        socket.on("data", () => undefined);
        socket.on("error", () => undefined);
        socket.on("close", () => resolve());
      });
    }
    const [a, b] = await pair(relay, "u3");
    await Promise.all([a.close(), b.close()]);
  });

  test(`${dataPath}: a stop parts every pair, sends the waiting away and frees the ports`, async () => {
    const relay = await started({ dataPath });
    const [a, b] = await pair(relay, "u4");
    const [c, d] = await pair(relay, "u5", websocket);
    const lonely = await joined(tcp(relay), "u6");
    const { main } = relay.ports;
    await relay[Symbol.asyncDispose]();
    for (const link of [a, b, c, d, lonely]) assert.equal(await ended(link), undefined);
    await using again = await started({ dataPath, port: main });
    assert.equal(again.ports.main, main);
  });

  test(`${dataPath}: a relay that drains takes nobody, lets pairs go on, and parts them in the end`, async () => {
    await using relay = await started({ dataPath });
    const [a, b] = await pair(relay, "u7");
    const lonely = await joined(tcp(relay), "u8");
    let drained = false;
    const draining = relay.drain(3_600_000).then(() => {
      drained = true;
    });
    assert.equal(await ended(lonely), undefined);
    assert.equal(await ended(await joined(tcp(relay), "u9")), undefined);
    await a.send(pattern(100_000, 1));
    assert.ok(same(await b.receive(), pattern(100_000, 1)));
    assert.equal(drained, false);
    await a.close();
    await draining;
    const [c, d] = [await ended(await joined(tcp(relay), "v")), relay.stats()];
    assert.deepEqual([c, d.pairs, d.refused.draining], [undefined, 0, 2]);
  });
}
