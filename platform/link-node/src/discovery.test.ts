import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeServerMessage } from "@pulpit/wire";
import { beDiscovered, discover, type FoundHost } from "./discovery.ts";
import { openUdp } from "./udp.ts";

const LOCAL = "127.0.0.1";
/** A free port for a test; nothing else of this machine takes it in the moment between. */
async function freePort(): Promise<number> {
  const socket = await openUdp({ port: 0, host: LOCAL });
  await socket.close();
  return socket.localPort;
}

test("a host that wants to be found is, with its name and no more", async () => {
  const port = await freePort();
  const me = { id: "123456789", hostname: "desk", platform: "Linux" };
  await using _host = await beDiscovered(() => me, port);
  const found: FoundHost[] = [];
  const enough = new AbortController();
  await discover(
    (host) => {
      found.push(host);
      enough.abort();
    },
    { signal: enough.signal, port, to: [[LOCAL, LOCAL]] },
  );
  assert.deepEqual(found, [{ ...me, address: LOCAL }]);
});

test("a host answers twenty questions a second and no more, and no nonsense", async () => {
  const port = await freePort();
  await using _host = await beDiscovered(() => ({ id: "123456789", hostname: "", platform: "" }), port);
  await using socket = Object.assign(await openUdp({ port: 0, host: LOCAL }), {
    async [Symbol.asyncDispose](this: { close(): Promise<void> }) {
      await this.close();
    },
  });
  const to = { host: LOCAL, port };
  const ping = encodeServerMessage({ case: "peerDiscovery", value: { cmd: "ping" } });
  for (const bad of [new Uint8Array(0), Uint8Array.of(0xff), new Uint8Array(3_000), ping.subarray(0, 4)]) {
    socket.send(bad, to);
  }
  for (let i = 0; i < 100; i++) socket.send(ping, to);
  let answers = 0;
  const count = (async () => {
    while ((await socket.receive()) !== undefined) answers += 1;
  })();
  // A whole second may begin in the middle of it.
  await new Promise((resolve) => setTimeout(resolve, 300));
  await socket.close();
  await count;
  assert.ok(answers >= 20 && answers <= 40, String(answers));
});
