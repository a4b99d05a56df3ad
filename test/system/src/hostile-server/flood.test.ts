import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { nodeRandom } from "@pulpit/crypto-node";
import type { HostWays } from "@pulpit/host";
import { punch } from "@pulpit/link";
import { nodeHostWays, nodeViewerWays } from "@pulpit/ways-node";
import type { ServerMessageInit } from "@pulpit/wire";
import { connected, ended, lookAt } from "../node-viewer.ts";
import { type SharedHost, startHost, startServers } from "../world.ts";
import { CountedSockets } from "./counted-sockets.ts";
import { addressOf, flood, isForeignRelay } from "./forged-call.ts";
import { LyingServer } from "./lying-server.ts";
import { stillDesktop } from "./still-desktop.ts";
import { tcpListener, udpVictim } from "./strangers.ts";
import { VirtualClock } from "./virtual-clock.ts";

const timeout = 20_000;
const options = { random: nodeRandom(), iceServers: [] };
/** Calls of one flood. */
const CALLS = 200;
/** Viewers at a host's door at a time (core/host, door.ts). */
const DOOR = 64;
/** … that it knocks for at one address at a time (core/host, knocks.ts). */
const AT_ONE_ADDRESS = 8;
/** Knocks of one attempt, from the first to giving up: 20 ms apart, then slower, to every 200 ms for 20 s. */
const KNOCKS = 105;
/** Longer than any attempt, ms of the test's clock. */
const GIVEN_UP = 60_000;
/** IPv4 and UDP headers, bytes. */
const HEADERS = 28;
const stack = new AsyncDisposableStack();
let liar: LyingServer;

before(async () => {
  liar = stack.use(await LyingServer.start(stack.use(await startServers())));
});
after(() => stack.disposeAsync());
beforeEach(() => {
  liar.lie = () => "truth";
  liar.seen.length = 0;
});

let hosts = 0;
function registered(ways: HostWays): Promise<SharedHost> {
  if (hosts++ > 0) liar.expectHost();
  return startHost(liar.servers, stillDesktop(), { ways });
}

/** Calls a host to a UDP port of an address, each time on behalf of another viewer. */
function knockingAt(host: string, calls: number, udpPort = 9): readonly ServerMessageInit[] {
  return Array.from({ length: calls }, (_, i) => ({
    case: "punchHole",
    value: { socketAddr: addressOf(host, 1000 + i), udpPort },
  }));
}

test("at a port that a host is sent to arrive empty datagrams from one socket, and nothing else", {
  timeout,
}, async () => {
  await using victim = await udpVictim();
  await using host = await registered(nodeHostWays(options));
  await flood(liar, host, knockingAt(victim.host, 1, victim.port));
  await victim.hit(5);
  assert.deepEqual([...new Set(victim.hits.map(({ length }) => length))], [0]);
  assert.equal(new Set(victim.hits.map(({ from }) => from)).size, 1);
});

test("nor does a viewer that is sent there tell it more, and it takes the relay", { timeout }, async () => {
  await using victim = await udpVictim();
  await using host = await registered({});
  const { udp } = nodeViewerWays(options);
  liar.lie = ({ message, from }) => {
    // What the host is answered holds no key.
    if (message.case !== "relayResponse" || from !== "server" || message.value.union.case !== "pk") return "truth";
    // To the request for a relay that comes of it there is no other answer than the truth.
    liar.lie = () => "truth";
    const { relayServer, union } = message.value;
    const pk = union.value;
    const value = { socketAddr: addressOf(victim.host, victim.port), isUdp: true, pk, relayServer };
    return { case: "punchHoleResponse", value };
  };
  const password = await host.freshPassword();
  const viewer = lookAt(liar.servers, host.id, { password, tcp: true, ways: udp === undefined ? {} : { udp } });
  await victim.hit(3);
  const { connection } = await viewer.until(connected);
  assert.equal(connection?.path.route, "relay");
  viewer.session.close();
  await viewer.until(ended);
  assert.deepEqual([...new Set(victim.hits.map(({ length }) => length))], [0]);
  assert.equal(new Set(victim.hits.map(({ from }) => from)).size, 1);
});

/** A way by UDP whose time is the test's, and whose datagrams go nowhere but are counted. */
function counted(clock: VirtualClock, sockets: CountedSockets): HostWays {
  return {
    udp: async () => {
      const socket = sockets.open();
      return {
        local: { host: "0.0.0.0", port: socket.localPort },
        tell: () => undefined,
        meet: async (peer, signal) => {
          await punch(socket, { role: "called", peer, clock, signal });
          return assert.fail("nobody is there");
        },
        close: () => void socket.close(),
      };
    },
  };
}

test("a flood of calls to one address makes a host send there a small multiple of what the flood took, without content", {
  timeout,
}, async () => {
  const clock = new VirtualClock();
  const sockets = new CountedSockets();
  await using host = await registered(counted(clock, sockets));
  const sent = await flood(liar, host, knockingAt("127.0.0.1", CALLS));
  assert.ok(sockets.mostOpen <= AT_ONE_ADDRESS, `${sockets.mostOpen} sockets at a time`);
  await clock.pass(GIVEN_UP);
  assert.equal(sockets.openNow, 0);
  assert.equal(sockets.bytes, 0);
  assert.ok(Math.max(...sockets.datagrams) <= KNOCKS);
  const received = sockets.total * HEADERS;
  assert.ok(received <= 4 * (sent.bytes + sent.datagrams * HEADERS), `${received} bytes for ${sent.bytes}`);
});

test("a flood of calls to many addresses is bounded by the room at the host's door", { timeout }, async () => {
  const clock = new VirtualClock();
  const sockets = new CountedSockets();
  await using host = await registered(counted(clock, sockets));
  const calls = Array.from({ length: CALLS }, (_, i) => knockingAt(`127.0.1.${i}`, 1)).flat();
  await flood(liar, host, calls);
  assert.equal(sockets.datagrams.length, CALLS);
  // One is still closing when the next one takes its place.
  assert.ok(sockets.mostOpen <= DOOR + 1, `${sockets.mostOpen} sockets at a time`);
  await clock.pass(GIVEN_UP);
  assert.equal(sockets.openNow, 0);
  assert.equal(sockets.bytes, 0);
  assert.ok(sockets.total <= DOOR * KNOCKS + CALLS, `${sockets.total} datagrams`);
});

test("calls to relays that nobody but the caller names are declined, and nothing is dialled", { timeout }, async () => {
  await using attacker = await tcpListener();
  await using host = await registered({});
  const calls = Array.from(
    { length: CALLS },
    (_, i): ServerMessageInit => ({
      case: "requestRelay",
      value: { uuid: `${i}`, relayServer: `127.0.0.1:${attacker.port}`, socketAddr: addressOf("127.0.0.1", 1000 + i) },
    }),
  );
  await flood(liar, host, calls);
  await host.until(() => host.events.filter(isForeignRelay).length >= CALLS);
  assert.equal(liar.relayResponses.filter(({ refuseReason }) => refuseReason === "").length, 0);
  assert.deepEqual(attacker.heard, []);
});
