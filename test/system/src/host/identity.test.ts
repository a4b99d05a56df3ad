import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { connected, ended, lookAt, memoryKnownHosts, type NodeViewer } from "../node-viewer.ts";
import { device, message } from "../stock-bytes.ts";
import { type Servers, type SharedHost, startDesktop, startHost, startServers } from "../world.ts";

/** RegisterPkResponse with UUID_MISMATCH or TOO_FREQUENT as a RendezvousMessage (docs/protocol/rendezvous.md, chapter 1). */
const REFUSED = /^8201..080[24]/;

let stack: AsyncDisposableStack;
let servers: Servers;
let shared: Awaited<ReturnType<typeof startDesktop>>;

before(async () => {
  stack = new AsyncDisposableStack();
  servers = stack.use(await startServers());
  shared = stack.use(await startDesktop({ width: 320, height: 240, bare: true }));
});
after(() => stack.disposeAsync());

async function visit(host: SharedHost, knownHosts: ReturnType<typeof memoryKnownHosts>): Promise<NodeViewer> {
  const viewer = lookAt(servers, host.id, { password: await host.freshPassword(), knownHosts });
  await viewer.until(connected);
  viewer.session.close();
  await viewer.until(ended);
  return viewer;
}

test("another computer does not get an ID that is taken, and viewers go on reaching the one that has it", async () => {
  await using host = await startHost(servers, shared.desktop);
  const knownHosts = memoryKnownHosts();
  await visit(host, knownHosts);
  using thief = await device();
  for (const uuid of [randomBytes(16), Buffer.alloc(0), Buffer.from("0")]) {
    const answer = await thief.ask(servers.rendezvous.ports.main, message.registerPk(host.id, uuid, randomBytes(32)));
    assert.match(answer.toString("hex"), REFUSED);
  }
  await visit(host, knownHosts);
  assert.equal(knownHosts.keys.size, 1);
});

test("a viewer that knows the computer refuses another one behind the same ID, and gives it no password", async () => {
  const knownHosts = memoryKnownHosts();
  let id: string;
  {
    await using host = await startHost(servers, shared.desktop);
    id = host.id;
    await visit(host, knownHosts);
  }
  // Whoever has the server in hand can give the ID away; the viewer remembers the key.
  servers.rendezvous.devices.remove(id);
  await using other = await startHost(servers, shared.desktop, { id });
  const viewer = lookAt(servers, id, { password: await other.freshPassword(), knownHosts });
  const { phase } = await viewer.until(ended);
  assert.ok(phase.name === "ended" && phase.end.code === "key-changed");
  assert.match(phase.end.pinned ?? "", /^([0-9a-f]{4} ){15}[0-9a-f]{4}$/);
  assert.notEqual(phase.end.pinned, phase.end.offered);
  assert.ok(other.events.every(({ type }) => type !== "viewerJoined" && type !== "viewerAsks"));
});
