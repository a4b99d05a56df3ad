import assert from "node:assert/strict";
import { test } from "node:test";
import { type Link, memoryLinks } from "@pulpit/link";
import { signIdentity } from "@pulpit/protocol";
import {
  decodeServerMessage,
  encodeServerMessage,
  encodeSocketAddress,
  type PunchHoleRequest,
  type ServerMessageInit,
} from "@pulpit/wire";
import {
  crypto,
  FakeClock,
  FakeHost,
  hostKeys,
  ID,
  punched,
  quiet,
  random,
  SERVER_KEY,
  server,
} from "../test/far-side.ts";
import { type Connected, connect } from "./connect.ts";
import type { WayNews } from "./paths/way-news.ts";
import type { Ways } from "./ports/ways.ts";

type Answer = (request: PunchHoleRequest) => ServerMessageInit | undefined;

const pk = signIdentity(crypto, { id: ID, key: hostKeys.publicKey }, server.secretKey);
const socketAddr = encodeSocketAddress({ host: "203.0.113.7", port: 40_000 }, 0);
const directly: ServerMessageInit = punched({ socketAddr, relayServer: "relay:21117", pk });
const byRelay: ServerMessageInit = {
  case: "relayResponse",
  value: { uuid: "u", relayServer: "relay:21117", union: { case: "pk", value: pk } },
};

/** A viewer whose ID server answers calls as a test wants. */
class Attempt {
  readonly clock = new FakeClock();
  readonly news: WayNews[] = [];
  readonly requests: PunchHoleRequest[] = [];
  /** Far ends of what was opened, by way. */
  readonly opened = new Map<string, FakeHost>();
  readonly #answer: Answer;

  constructor(answer: Answer) {
    this.#answer = answer;
  }

  run(ways: Ways): Promise<Connected> {
    const target = { hostId: ID, idServer: "id:21116", relayAddress: (relay: string) => relay, serverKey: SERVER_KEY };
    const steps = {
      found: () => undefined,
      up: () => undefined,
      checkKey: async () => undefined,
      way: (told: WayNews) => void this.news.push(told),
    };
    const dial = async (_: string, { route }: { readonly route: string }): Promise<Link> =>
      route === "server" ? this.server() : this.open("relay");
    const world = { crypto, random, clock: this.clock, dial, ways };
    return connect(target, world, steps, new AbortController().signal);
  }

  open(way: string): Link {
    const [ours, theirs] = memoryLinks();
    this.opened.set(way, new FakeHost(theirs));
    return ours;
  }

  server(): Link {
    const [ours, theirs] = memoryLinks();
    this.#serve(theirs).catch(() => undefined);
    return ours;
  }

  async #serve(link: Link): Promise<void> {
    for (let bytes = await link.receive(); bytes !== undefined; bytes = await link.receive()) {
      const message = decodeServerMessage(bytes);
      if (message.case !== "punchHoleRequest") continue;
      this.requests.push(message.value);
      const reply = this.#answer(message.value);
      if (reply !== undefined) await link.send(encodeServerMessage(reply));
    }
  }

  get told(): readonly string[] {
    return this.news.map((news) => `${news.way} ${news.type === "left-out" ? news.why : news.type}`);
  }
}

test("where the host answers none of the direct calls it is asked to the relay after a while, and met there", async () => {
  const attempt = new Attempt(({ forceRelay }) => (forceRelay ? byRelay : undefined));
  const connected = attempt.run({
    tcp: async () => ({ server: attempt.server(), dial: () => assert.fail("nobody said where") }),
  });
  await attempt.clock.pass(1_400, 100);
  assert.deepEqual(
    attempt.requests.map(({ forceRelay }) => forceRelay),
    [false],
  );
  await attempt.clock.pass(200, 100);
  assert.deepEqual(
    attempt.requests.map(({ forceRelay }) => forceRelay),
    [false, true],
  );
  await attempt.opened.get("relay")?.secure();
  // Nothing better comes within the window.
  await attempt.clock.pass(1_100, 100);
  assert.equal((await connected).name, "relay");
});

test("a host that has answered is not asked to the relay a second time", async () => {
  const attempt = new Attempt(() => directly);
  const connected = attempt.run({
    tcp: async () => ({ server: attempt.server(), dial: async () => attempt.open("tcp") }),
  });
  await quiet();
  const { pipe } = attempt.opened.get("tcp") as FakeHost;
  await attempt.clock.pass(100, 100);
  assert.deepEqual(attempt.told, ["tcp tried", "tcp up"]);
  await attempt.clock.pass(1_600, 100);
  assert.deepEqual(
    attempt.requests.map(({ forceRelay }) => forceRelay),
    [false],
  );
  void pipe.close();
  connected.catch(() => undefined);
});

test("a viewer without IPv4 says so without forcing the relay, and meets the host over IPv6", async () => {
  const ipv6 = { host: "2001:db8::1", port: 5000 };
  const theirs = encodeSocketAddress({ host: "2001:db8::2", port: 6000 }, 0);
  const attempt = new Attempt(
    () => ({ ...byRelay, value: { ...byRelay.value, socketAddrV6: theirs } }) as ServerMessageInit,
  );
  const connected = attempt.run({
    udp: async () => ({
      server: undefined,
      port: Promise.resolve(0),
      ipv6,
      punch: async (host) => attempt.open(host.host),
      close: () => undefined,
    }),
  });
  await quiet();
  const [request] = attempt.requests;
  assert.deepEqual([request?.forceRelay, request?.udpPort, request?.socketAddrV6.length], [false, 0, 18]);
  const [, far] = [...attempt.opened].find(([way]) => way.startsWith("2001:")) ?? [];
  await far?.pipe.send(new Uint8Array(0));
  assert.ok(attempt.told.includes("ipv6 tried"));
  assert.ok(attempt.told.includes("udp server-silent"));
  connected.catch(() => undefined);
});
