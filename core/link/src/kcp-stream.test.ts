import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { DatagramNetwork, JumpingClock, type Weather } from "../test/datagram-network.ts";
import { framed, type KcpStream, kcpStream, LinkError, peerSocket, punch } from "./index.ts";

const A = { host: "192.0.2.1", port: 1111 };
const B = { host: "198.51.100.2", port: 2222 };
const CALM: Weather = { delay: 20, jitter: 0, loss: 0, duplication: 0 };

/** Reproducible numbers from 0 to 1 (a linear congruential generator). */
function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

interface World extends AsyncDisposable {
  readonly clock: JumpingClock;
  readonly network: DatagramNetwork;
  readonly random: { bytes(length: number): Uint8Array };
}

function world(weather: Weather, seed = 1): World {
  const clock = new JumpingClock();
  const next = numbers(seed);
  const running = clock.run();
  return {
    clock,
    network: new DatagramNetwork(clock, weather, next),
    random: { bytes: (length) => Uint8Array.from({ length }, () => Math.floor(next() * 256)) },
    async [Symbol.asyncDispose]() {
      clock.stop();
      await running;
    },
  };
}

/** `ackVectors`: of the caller and the called one; both understand them always. */
async function connected(
  { clock, network, random }: World,
  ackVectors: readonly [boolean, boolean] = [false, false],
): Promise<[KcpStream, KcpStream]> {
  const options = { clock, random };
  return Promise.all([
    kcpStream(peerSocket(network.open(A), B), { ...options, role: "caller", ackVectors: ackVectors[0] }),
    kcpStream(peerSocket(network.open(B), A), { ...options, role: "called", ackVectors: ackVectors[1] }),
  ]);
}

async function everything(stream: KcpStream): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for (let part = await stream.read(); part !== undefined; part = await stream.read()) parts.push(part);
  return Buffer.concat(parts);
}

test("everything arrives once and in order, whatever the network does", { timeout: 60_000 }, async () => {
  const weather = fc.record({
    delay: fc.integer({ min: 0, max: 150 }),
    jitter: fc.integer({ min: 0, max: 80 }),
    loss: fc.double({ min: 0, max: 0.25, noNaN: true }),
    duplication: fc.double({ min: 0, max: 0.3, noNaN: true }),
  });
  const writes = fc.array(fc.integer({ min: 0, max: 9_000 }), { maxLength: 12 });
  const vectors = fc.tuple(fc.boolean(), fc.boolean());
  await fc.assert(
    fc.asyncProperty(weather, writes, writes, fc.nat(), vectors, async (how, fromA, fromB, seed, ackVectors) => {
      await using there = world(how, seed);
      const [a, b] = await connected(there, ackVectors);
      const next = numbers(seed);
      const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, () => Math.floor(next() * 256));
      const send = async (stream: KcpStream, sizes: readonly number[]): Promise<Uint8Array> => {
        const parts = sizes.map(bytes);
        for (const part of parts) await stream.write(part);
        return Buffer.concat(parts);
      };
      const sent = await Promise.all([send(a, fromA), send(b, fromB)]);
      // A side that closes reads no more, so both have to have read everything first.
      const [atB, atA] = await Promise.all([exactly(b, sent[0].length), exactly(a, sent[1].length)]);
      assert.ok(Buffer.compare(atB, sent[0]) === 0 && Buffer.compare(atA, sent[1]) === 0);
      const ends = Promise.all([everything(a), everything(b)]);
      await Promise.all([a.close(), b.close()]);
      for (const rest of await ends) assert.equal(rest.length, 0);
    }),
    { numRuns: 25 },
  );
});

async function exactly(stream: KcpStream, length: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let have = 0;
  while (have < length) {
    const part = await stream.read();
    assert.ok(part !== undefined, "the stream ended early");
    parts.push(part);
    have += part.length;
  }
  assert.equal(have, length);
  return Buffer.concat(parts);
}

test("a reader who does not come makes the writer wait, and nothing is lost meanwhile", {
  timeout: 30_000,
}, async () => {
  await using there = world(CALM);
  const [a, b] = await connected(there);
  const large = new Uint8Array(6_000_000).map((_, index) => index * 7);
  let written = false;
  const writing = a.write(large).then(() => {
    written = true;
  });
  await new Promise<void>((resolve) => void there.clock.alarm(there.clock.now() + 5_000, resolve));
  assert.equal(written, false);
  assert.ok(a.queuedBytes > 3_000_000, `${a.queuedBytes}`);
  assert.ok(Buffer.compare(await exactly(b, large.length), large) === 0);
  await writing;
  await Promise.all([a.close(), b.close()]);
});

test("a break reaches the other end although nothing acknowledges it", { timeout: 20_000 }, async () => {
  await using there = world({ ...CALM, loss: 0.2 }, 5);
  const [a, b] = await connected(there);
  const reading = b.read().catch((error: unknown) => error);
  await a.close(new Error("broken on purpose"));
  const end = await reading;
  assert.ok(end instanceof LinkError && end.code === "reset", String(end));
  await assert.rejects(b.write(new Uint8Array(1)), LinkError);
  await b.close();
});

test("a peer that falls silent is given up", { timeout: 20_000 }, async () => {
  await using there = world(CALM);
  const [a, b] = await connected(there);
  there.network.weather = { ...CALM, loss: 1 };
  await assert.rejects(a.read(), (error) => error instanceof LinkError && error.code === "timed-out");
  await Promise.all([a.close(), b.close(new Error("enough"))]);
});

test("a call that nobody answers ends, and a change of mind ends it at once", { timeout: 20_000 }, async () => {
  await using there = world(CALM);
  const { clock, network, random } = there;
  const call = (signal?: AbortSignal): Promise<KcpStream> =>
    kcpStream(peerSocket(network.open(A), B), { role: "caller", clock, random, signal });
  await assert.rejects(call(), (error) => error instanceof LinkError && error.code === "timed-out");
  await assert.rejects(call(AbortSignal.abort()), (error) => error instanceof LinkError && error.code === "aborted");
});

test("two peers punch through to each other and talk, although one has another port than was signalled", {
  timeout: 20_000,
}, async () => {
  await using there = world({ ...CALM, loss: 0.1 }, 3);
  const { clock, network, random } = there;
  const signalled = { ...A, port: 9 };
  const call = async (): Promise<KcpStream> => {
    const socket = await punch(network.open(A), { role: "caller", peer: B, clock });
    return kcpStream(socket, { role: "caller", clock, random });
  };
  const wait = async (): Promise<KcpStream> => {
    const socket = await punch(network.open(B), { role: "called", peer: signalled, clock });
    return kcpStream(socket, { role: "called", clock, random });
  };
  const [a, b] = await Promise.all([call(), wait()]);
  assert.equal(b.path.remote, "192.0.2.1:1111");
  const [viewer, host] = [framed(a, 1000), framed(b, 1000)];
  await host.send(Uint8Array.of(1, 2, 3));
  assert.deepEqual([...((await viewer.receive()) ?? [])], [1, 2, 3]);
  assert.deepEqual(viewer.path, { transport: "kcp", route: "direct", remote: "198.51.100.2:2222" });
  await Promise.all([viewer.close(), host.close()]);
});
