import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { createServer as createTlsServer } from "node:tls";
import { nodeCrypto, nodeRandom } from "@pulpit/crypto-node";
import { LinkError } from "@pulpit/link";
import { silentLog } from "@pulpit/link-node";
import { loadServerKey, RENDEZVOUS_DEFAULTS, type RendezvousServer, startRendezvous } from "@pulpit/rendezvous";
import { selfSigned } from "@pulpit/testkit/src/certificate.ts";
import { natOf } from "./nat-names.ts";
import { networkLines, outlook, serverLines } from "./network-text.ts";
import { checkOwnNetwork, type OwnNetwork } from "./own-network.ts";
import { reach } from "./reach.ts";
import { reachedLines } from "./reached-text.ts";
import { checkServer } from "./server-checks.ts";
import { tlsTroubleIn } from "./tls-trouble.ts";

const stack = new AsyncDisposableStack();
let rendezvous: RendezvousServer;
/** One whose ports are neighbours, as all but those of tests are. */
let usual: RendezvousServer;
let key: string;

before(async () => {
  const folder = mkdtempSync(join(tmpdir(), "pulpit-doctor-"));
  stack.defer(() => rmSync(folder, { recursive: true }));
  const serverKey = loadServerKey(folder, nodeCrypto(), nodeRandom());
  key = serverKey.publicText;
  const start = async (port: number): Promise<RendezvousServer> =>
    stack.use(
      await startRendezvous(
        { ...RENDEZVOUS_DEFAULTS, port, host: "127.0.0.1" },
        { log: silentLog, key: serverKey, databasePath: join(folder, `${port}.sqlite3`) },
      ),
    );
  rendezvous = await start(0);
  usual = await onNeighbours(start);
});
after(() => stack.disposeAsync());

/** Below the ports that systems give out by themselves; of which others may have some. */
async function onNeighbours(start: (port: number) => Promise<RendezvousServer>): Promise<RendezvousServer> {
  for (let port = 21_216; ; port += 10) {
    try {
      const server = await start(port);
      if (server.ports.stun !== undefined) return server;
    } catch (error) {
      if (port > 22_000 || (error as { code?: string }).code !== "EADDRINUSE") throw error;
    }
  }
}

const at = (port: number, publicKey: string): Parameters<typeof checkServer>[0] => ({
  type: "ports",
  address: { host: "127.0.0.1", port },
  key: publicKey,
});
const someKey = (): string => Buffer.from(nodeRandom().bytes(32)).toString("base64");

test("what is wrong with a web address's certificate is named, and so is a port without TLS", async () => {
  const outcomes: unknown[] = [];
  for (const server of [await secureServer(), await plainServer()]) {
    const { port } = server.address() as AddressInfo;
    const { ports, key: proof } = await checkServer(
      { type: "websocket", url: `wss://127.0.0.1:${port}`, key },
      undefined,
    );
    assert.equal(proof, "not-asked");
    const lines = serverLines({ ports, key: proof }).join("\n");
    outcomes.push(
      ...ports.map(({ outcome }) => outcome),
      /nobody this machine trusts|does not speak TLS/.exec(lines)?.[0],
    );
    server.close();
  }
  assert.deepEqual(outcomes, [
    ...["certificate-untrusted", "certificate-untrusted", "nobody this machine trusts"],
    ...["no-tls", "no-tls", "does not speak TLS"],
  ]);
  for (const [code, trouble] of [
    ["CERT_HAS_EXPIRED", "certificate-expired"],
    ["CERT_NOT_YET_VALID", "certificate-not-yet-valid"],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "certificate-other-name"],
    ["ECONNRESET", undefined],
  ] as const) {
    const cause = Object.assign(new Error(code), { code });
    assert.equal(tlsTroubleIn(new LinkError("reset", "reset", { cause })), trouble);
  }
});

/** With a certificate that nobody knows. */
async function secureServer(): Promise<Server> {
  const server = createTlsServer(selfSigned()).listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

/** Which answers a handshake with a sentence. */
async function plainServer(): Promise<Server> {
  const server = createServer((socket) => socket.on("error", () => undefined).end("220 good day\r\n"));
  await once(server.listen(0, "127.0.0.1"), "listening");
  return server;
}

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
  const network = await checkOwnNetwork({ host: "127.0.0.1", port: usual.ports.main }, nodeRandom());
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

test("on loopback datagrams are found not to be changed and let in from other ports, and no NAT is claimed", async () => {
  const network = await checkOwnNetwork({ host: "127.0.0.1", port: usual.ports.main }, nodeRandom());
  const { mapping, udpMapping, udpFiltering, nat } = network;
  assert.deepEqual([mapping, udpMapping, udpFiltering, nat], ["kept", "kept", "open-to-other-ports", undefined]);
  assert.doesNotMatch(networkLines(network).join("\n"), /NAT|from other ports/);
});

test("where the second port does not answer, or none does, what is not known is not claimed", async () => {
  const towards = (port: number): Promise<OwnNetwork> => checkOwnNetwork({ host: "127.0.0.1", port }, nodeRandom());
  // The second port of the first is not where one is looked for; port 0, below the second, is none.
  const [network, nobody] = await Promise.all([towards(rendezvous.ports.main), towards(1)]);
  assert.notEqual(network.udp, "no-answer");
  assert.equal(network.udpMapping, "unknown");
  assert.deepEqual([nobody.udp, nobody.udpMapping, nobody.udpFiltering], ["no-answer", "unknown", "unknown"]);
});

test("a NAT has the names of RFC 4787, where one was seen", () => {
  const lenient = "endpoint-independent-or-address-dependent";
  const found = { translation: "seen", mapping: "same", filtering: "open-to-other-ports" } as const;
  assert.deepEqual(natOf(found), { mapping: lenient, filtering: lenient });
  assert.deepEqual(natOf({ ...found, mapping: "kept", filtering: "strict" }), {
    mapping: lenient,
    filtering: "address-and-port-dependent",
  });
  assert.deepEqual(natOf({ ...found, mapping: "changing", filtering: "unknown" }), {
    mapping: "address-and-port-dependent",
    filtering: "unknown",
  });
  for (const translation of ["none", "unknown"] as const) assert.equal(natOf({ ...found, translation }), undefined);
});

const NETWORK: OwnNetwork = {
  lanAddress: "192.168.1.2",
  ipv6: undefined,
  serverIsNear: false,
  udp: { localPort: 5, outerPort: 7 },
  mapping: "same",
  udpMapping: "unknown",
  udpFiltering: "unknown",
};

test("what is said of a network follows from what was found", () => {
  const said = (more: Partial<OwnNetwork>): string => outlook({ ...NETWORK, ...more });
  assert.match(said({}), /work with nearly everybody/);
  assert.match(said({ mapping: "changing" }), /go through the relay/);
  assert.match(said({ udp: "no-answer" }), /only TCP and the relay are left/);
  assert.match(said({ udp: "no-answer", mapping: "unknown" }), /expect the relay/);
  assert.match(said({ ipv6: "2001:db8::1" }), /Over IPv6/);
});

test("what two ports tell of datagrams goes before what is known of TCP", () => {
  const said = (more: Partial<OwnNetwork>): string => outlook({ ...NETWORK, ...more });
  for (const udpMapping of ["kept", "same"] as const) {
    const tcp = { mapping: "changing" } as const;
    assert.match(
      said({ ...tcp, udpMapping, udpFiltering: "open-to-other-ports" }),
      /^Hole punching .* with everybody whose/,
    );
    assert.match(said({ ...tcp, udpMapping, udpFiltering: "strict" }), /^Hole punching .* everybody but those/);
    // Said of people, not of this machine: it may have no NAT at all.
    assert.doesNotMatch(said({ udpMapping, udpFiltering: "strict" }), /router/);
  }
  for (const udpFiltering of ["open-to-other-ports", "strict", "unknown"] as const)
    assert.match(said({ udpMapping: "changing", udpFiltering }), /go through the relay/);
});

test("ports of UDP have lines of their own, but not where the server is near", () => {
  const lines = networkLines({ ...NETWORK, udpMapping: "same", udpFiltering: "strict" }).join("\n");
  assert.match(lines, /Ports of UDP +changed, and the same/);
  assert.match(lines, /UDP from other ports +kept out/);
  const near = networkLines({ ...NETWORK, udpMapping: "same", udpFiltering: "strict", serverIsNear: true });
  assert.doesNotMatch(near.join("\n"), /Ports of UDP|from other ports/);
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
