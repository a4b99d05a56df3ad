import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { nodeCrypto, nodeRandom } from "@pulpit/crypto-node";
import { silentLog } from "@pulpit/link-node";
import { loadServerKey, RENDEZVOUS_DEFAULTS, type RendezvousServer, startRendezvous } from "@pulpit/rendezvous";
import { networkLines, outlook, serverLines } from "./network-text.ts";
import { checkOwnNetwork, type OwnNetwork } from "./own-network.ts";
import { reach } from "./reach.ts";
import { reachedLines } from "./reached-text.ts";
import { checkServer } from "./server-checks.ts";

const stack = new AsyncDisposableStack();
let rendezvous: RendezvousServer;
let key: string;

before(async () => {
  const folder = mkdtempSync(join(tmpdir(), "pulpit-doctor-"));
  stack.defer(() => rmSync(folder, { recursive: true }));
  const serverKey = loadServerKey(folder, nodeCrypto(), nodeRandom());
  key = serverKey.publicText;
  rendezvous = stack.use(
    await startRendezvous(
      { ...RENDEZVOUS_DEFAULTS, port: 0, host: "127.0.0.1" },
      { log: silentLog, key: serverKey, databasePath: join(folder, "pulpit.sqlite3") },
    ),
  );
});
after(() => stack.disposeAsync());

const at = (port: number, publicKey: string): Parameters<typeof checkServer>[0] => ({
  type: "ports",
  address: { host: "127.0.0.1", port },
  key: publicKey,
});
const someKey = (): string => Buffer.from(nodeRandom().bytes(32)).toString("base64");

test("ports that are open are told from those where nothing listens, and the key is asked for", async () => {
  // Free ports are no neighbours, so that the others are not there.
  const { ports, key: proof } = await checkServer(at(rendezvous.ports.main, key), { host: "127.0.0.1", port: 1 });
  const outcome = (purpose: string): unknown => ports.find((port) => port.purpose === purpose)?.outcome;
  assert.deepEqual([outcome("id"), outcome("id-datagrams"), outcome("relay")], ["open", "open", "refused"]);
  assert.equal(proof, "proved");
  const { key: other } = await checkServer(at(rendezvous.ports.main, someKey()), undefined);
  assert.equal(other, "wrong-key");
  const web = await checkServer({ type: "websocket", url: "ws://127.0.0.1:1", key }, undefined);
  assert.deepEqual(
    web.ports.map((port) => port.outcome),
    ["refused", "refused"],
  );
  assert.equal(web.key, "not-asked");
});

test("of a server on this machine nothing is learned about the router, and that is said", async () => {
  const network = await checkOwnNetwork({ host: "127.0.0.1", port: rendezvous.ports.main }, nodeRandom());
  assert.equal(network.lanAddress, "127.0.0.1");
  assert.ok(network.udp !== "no-answer");
  assert.equal(network.udp.localPort, network.udp.outerPort);
  assert.match(networkLines(network).at(-1) ?? "", /nothing is learned about the router/);
});

test("an ID that nobody has is told from a server that does not answer", async () => {
  const unknown = await reach("123456789", at(rendezvous.ports.main, key), new Set());
  assert.deepEqual([unknown.reached, unknown.end], [false, "unknown-id"]);
  assert.match(reachedLines("123 456 789", unknown).join("\n"), /never heard of this ID/);
  const nobody = await reach("123456789", at(1, key), new Set());
  assert.deepEqual([nobody.reached, nobody.end], [false, "server-unreachable"]);
});

test("what is said of a network follows from what was found", () => {
  const udp = { localPort: 5, outerPort: 7 };
  const network: OwnNetwork = { lanAddress: "192.168.1.2", ipv6: undefined, serverIsNear: false, udp, mapping: "same" };
  assert.match(outlook(network), /work with nearly everybody/);
  assert.match(outlook({ ...network, mapping: "changing" }), /go through the relay/);
  assert.match(outlook({ ...network, udp: "no-answer" }), /by TCP/);
  assert.match(outlook({ ...network, udp: "no-answer", mapping: "unknown" }), /expect the relay/);
  assert.match(outlook({ ...network, ipv6: "2001:db8::1" }), /Over IPv6/);
});

test("words of the server cannot steer the terminal", () => {
  const lines = reachedLines("x", {
    reached: false,
    connectMs: 1,
    end: "server-refused",
    detail: "\u001b[2Jno",
    ways: [],
  });
  assert.match(lines.join("\n"), /It says: \[2Jno/);
});

test("a clock that is far off is named, one that is a second off is not", () => {
  const checks = { ports: [], key: "proved" } as const;
  assert.match(serverLines({ ...checks, clockAheadMs: -90_000 }).join("\n"), /90 s behind/);
  assert.doesNotMatch(serverLines({ ...checks, clockAheadMs: 900 }).join("\n"), /clock/);
});
