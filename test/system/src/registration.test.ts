import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { test } from "node:test";
import { connected, ended, lookAt } from "./node-viewer.ts";
import { startDesktop, startHost, startServers } from "./world.ts";

test("a host registers on an encrypted connection, sends no datagram, and is called on that connection", async () => {
  await using servers = await startServers();
  await using shared = await startDesktop({ width: 320, height: 240, bare: true });
  await using host = await startHost(servers, shared.desktop);
  const { connections, datagrams } = servers.rendezvous.stats();
  assert.deepEqual([connections, datagrams.received], [1, 0]);
  const viewer = lookAt(servers, host.id, { password: await host.freshPassword() });
  await viewer.until(connected);
  viewer.session.close();
  await viewer.until(ended);
});

test("a host of a server that offers no encryption registers by datagram", async (t) => {
  await using shared = await startDesktop({ width: 320, height: 240, bare: true });
  await using servers = await startServers();
  // Stands for a stock server: nothing listens on its TCP port, and datagrams get their answers.
  const stock = createSocket("udp4");
  t.after(() => stock.close());
  const heard = new Set<number>();
  stock.on("message", (data, { port, address }) => {
    heard.add(data[0] as number);
    // RegisterPk brings RegisterPkResponse { OK }, RegisterPeer brings RegisterPeerResponse.
    stock.send(Buffer.from(data[0] === 0x7a ? "820100" : "3a00", "hex"), port, address);
  });
  stock.bind(0, "127.0.0.1");
  await once(stock, "listening");
  const main = stock.address().port;
  await using host = await startHost(
    { ...servers, rendezvous: { ...servers.rendezvous, ports: { ...servers.rendezvous.ports, main } } },
    shared.desktop,
  );
  assert.ok(host.events.some(({ type }) => type === "registered"));
  assert.deepEqual(heard, new Set([0x7a, 0x32]));
});

test("with tickets wanted, a viewer and a host that the server introduced meet on the relay, and nobody else", async () => {
  await using servers = await startServers({ policy: "ticket" });
  await using shared = await startDesktop({ width: 320, height: 240, bare: true });
  await using host = await startHost(servers, shared.desktop);
  const viewer = lookAt(servers, host.id, { password: await host.freshPassword() });
  await viewer.until(connected);
  assert.equal(servers.relay.stats().pairs, 1);
  viewer.session.close();
  await viewer.until(ended);
  assert.deepEqual(servers.relay.stats().refused, {});
});
