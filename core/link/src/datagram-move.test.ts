import assert from "node:assert/strict";
import { test } from "node:test";
import type { Candidate, DatagramEnd } from "@pulpit/protocol";
import { encodeDatagramPath } from "@pulpit/wire";
import { DatagramNetwork, JumpingClock } from "../test/datagram-network.ts";
import {
  type BoundLink,
  type Link,
  LinkError,
  memoryLinks,
  movingToDatagrams,
  type OpenDatagrams,
  type Path,
  peerSocket,
} from "./index.ts";
import { over } from "./over.ts";

const A = { host: "192.0.2.1", port: 1111 };
const B = { host: "198.51.100.2", port: 2222 };
const DIRECT: Path = { transport: "webrtc", route: "direct", remote: "192.0.2.1:1111" };
const END: DatagramEnd = {
  ufrag: "abcd",
  pwd: "abcdefghijklmnopqrstuv",
  certificate: new Uint8Array(32),
  payloadType: 111,
  source: 1,
};
const failsWith = (code: string) => (error: unknown) => error instanceof LinkError && error.code === code;
const candidate = (address: string): string =>
  JSON.stringify({ candidate: `candidate:1 1 udp 1 ${address} 5000 typ host`, sdpMid: "0" });

/** Two ends over memory, and a network for their datagrams. `path`: of the second connection. */
class World implements AsyncDisposable {
  readonly clock: JumpingClock = new JumpingClock();
  readonly network: DatagramNetwork = new DatagramNetwork(
    this.clock,
    { delay: 20, jitter: 5, loss: 0.05, duplication: 0 },
    Math.random,
  );
  readonly random: { bytes(length: number): Uint8Array } = {
    bytes: (length) => Uint8Array.from({ length }, () => Math.floor(Math.random() * 256)),
  };
  readonly added: string[] = [];
  readonly said: [Uint8Array[], Uint8Array[]] = [[], []];
  readonly raw: [Link, Link];
  readonly #running = this.clock.run();

  constructor(path: Path = DIRECT) {
    this.raw = memoryLinks(path);
  }

  /** `side` 0 is the viewer. */
  bound(side: 0 | 1): BoundLink {
    const link = this.raw[side];
    const send = (message: Uint8Array): Promise<void> => {
      this.said[side].push(message);
      return link.send(message);
    };
    return { ...over(link, { send }), queuedBytes: 0, binding: { local: "", remote: "" }, largest: 1_000_000 };
  }

  opener(side: 0 | 1, path: Path = DIRECT): OpenDatagrams {
    return async ({ gathered }) => {
      gathered(JSON.parse(candidate("192.0.2.7")) as Candidate);
      const socket = side === 0 ? peerSocket(this.network.open(A), B) : peerSocket(this.network.open(B), A);
      const accepted = Promise.withResolvers<void>();
      if (side === 1) accepted.resolve();
      return {
        end: END,
        accept: async () => accepted.resolve(),
        add: ({ candidate: text }) => void this.added.push(text),
        opened: accepted.promise.then(() => ({ socket, path })),
      };
    };
  }

  moving(side: 0 | 1, open: OpenDatagrams = this.opener(side)): Link {
    const { clock, random } = this;
    return movingToDatagrams(this.bound(side), open, { role: side === 0 ? "caller" : "called", clock, random });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.clock.stop();
    await this.#running;
  }
}

/** Messages of the session that went over the first link, numbered by their first byte. */
const numbers = (messages: readonly Uint8Array[]): number[] =>
  messages.filter(({ length }) => length === 1).map(([first]) => first ?? -1);

async function exchange(a: Link, b: Link, count: number): Promise<void> {
  const got: number[][] = [[], []];
  const read = async (link: Link, into: number[]): Promise<void> => {
    while (into.length < count) into.push((await link.receive())?.[0] ?? -1);
  };
  const reading = [read(a, got[0] as number[]), read(b, got[1] as number[])];
  for (let i = 0; i < count; i++) {
    await Promise.all([a.send(Uint8Array.of(i)), b.send(Uint8Array.of(i))]);
    for (let turns = 0; turns < 20; turns++) await new Promise(setImmediate);
  }
  await Promise.all(reading);
  const all = Array.from({ length: count }, (_, i) => i);
  assert.deepEqual(got, [all, all]);
}

test("both ends go over as soon as datagrams come through, and nothing is lost, doubled or late", async () => {
  await using world = new World();
  const [viewer, host] = [world.moving(0), world.moving(1)];
  await exchange(viewer, host, 100);
  for (const side of [0, 1] as const) {
    const before = numbers(world.said[side]);
    assert.ok(before.length > 0 && before.length < 100, `${before.length} messages on the first link`);
  }
  assert.deepEqual(world.added.length, 2);
  await Promise.all([viewer.close(), host.close()]);
  assert.equal(await viewer.receive(), undefined);
});

test("it stays where it is when there is no such connection, or only one that is relayed", async () => {
  const nothing: OpenDatagrams = async () => {
    throw new LinkError("unreachable", "no path was found");
  };
  for (const [viewers, hosts] of [
    [nothing, undefined],
    [undefined, nothing],
    ["relayed", undefined],
  ] as const) {
    await using world = new World();
    const relayed = world.opener(0, { ...DIRECT, route: "relay" });
    const viewer = world.moving(0, viewers === "relayed" ? relayed : (viewers ?? world.opener(0)));
    const host = world.moving(1, hosts ?? world.opener(1));
    await exchange(viewer, host, 30);
    assert.deepEqual([numbers(world.said[0]).length, numbers(world.said[1]).length], [30, 30]);
    await Promise.all([viewer.close(), host.close()]);
  }
});

test("a hostile viewer gets no second connection, no candidates that point at us, and no end of waiting", async () => {
  const say = async (...news: Parameters<typeof encodeDatagramPath>[0][]): Promise<[World, Link]> => {
    const world = new World();
    const host = world.moving(1);
    for (const each of news) await world.raw[0].send(encodeDatagramPath(each));
    return [world, host];
  };
  const [stopped, nowhere] = await say({ moved: true });
  await assert.rejects(nowhere.receive(), failsWith("malformed"));
  await stopped[Symbol.asyncDispose]();

  const [other, bad] = await say({ end: { ...END, pwd: "short" } });
  await assert.rejects(bad.receive(), failsWith("malformed"));
  await other[Symbol.asyncDispose]();

  const [garbled, link] = await say();
  await garbled.raw[0].send(Uint8Array.of(0x8a, 0x3f, 5, 1));
  await assert.rejects(link.receive(), failsWith("malformed"));
  await garbled[Symbol.asyncDispose]();

  const places = ["127.0.0.1", "0.0.0.0", "224.0.0.1", "evil.example", "192.0.2.9", "192.0.2.9"];
  const flood = Array.from({ length: 200 }, (_, i) => ({ candidate: candidate(`198.51.100.${i % 250}`) }));
  const [world, host] = await say(
    { end: { ...END } },
    { end: { ...END } },
    ...places.map((place) => ({ candidate: candidate(place) })),
    ...flood,
  );
  await world.raw[0].send(Uint8Array.of(1));
  assert.equal((await host.receive())?.length, 1);
  await new Promise(setImmediate);
  assert.equal(world.added.length, 64);
  assert.equal(
    world.added.some((text) => /127\.0|0\.0\.0\.0|224|evil/.test(text)),
    false,
  );
  assert.equal(world.said[1].filter((bytes) => bytes.length > 60).length, 2, "one end and one candidate");
  await host.close(new Error("over"));
  await world[Symbol.asyncDispose]();
});

test("on the own machine candidates of the own machine are taken", async () => {
  await using world = new World({ ...DIRECT, remote: "127.0.0.1:5000" });
  const host = world.moving(1);
  await world.raw[0].send(encodeDatagramPath({ end: { ...END } }));
  await world.raw[0].send(encodeDatagramPath({ candidate: candidate("127.0.0.1") }));
  await world.raw[0].send(Uint8Array.of(1));
  await host.receive();
  await new Promise(setImmediate);
  assert.equal(world.added.length, 1);
  await host.close(new Error("over"));
});
