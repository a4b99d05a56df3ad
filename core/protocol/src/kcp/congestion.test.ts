import assert from "node:assert/strict";
import { test } from "node:test";
import { KcpPath, type PathProperties } from "../../test/kcp-path.ts";

const PIECE = new Uint8Array(32 * 1024);

/** Sends as much as goes through; bytes per second and the longest wait at the bottleneck, ms, without the first 3 s. */
function flood(
  properties: PathProperties,
  seconds = 6,
): { readonly rate: number; readonly wait: number; readonly path: KcpPath } {
  const path = new KcpPath(properties, 11);
  path.open();
  path.called.refill = () => {
    if (path.called.session.queuedBytes < 4 * PIECE.length) path.called.write(PIECE);
  };
  path.called.handle({ type: "timeout" });
  path.run(() => false, 3_000);
  const before = path.caller.received;
  path.worstWait = 0;
  path.run(() => false, seconds * 1000);
  return { rate: (path.caller.received - before) / seconds, wait: path.worstWait, path };
}

test("a bottleneck is filled, and its queue is not", () => {
  for (const rate of [125_000, 1_250_000, 6_000_000]) {
    const { rate: reached, wait } = flood({ delay: 25, rate, buffer: rate });
    assert.ok(reached > 0.85 * rate, `${reached} of ${rate}`);
    assert.ok(wait < 100, `${wait} ms at ${rate}`);
  }
});

test("random loss of 5 % costs little more than what is lost", () => {
  const { rate } = flood({ delay: 25, rate: 3_000_000, buffer: 3_000_000, loss: 0.05 });
  assert.ok(rate > 0.7 * 3_000_000, `${rate}`);
});

test("a buffer of a few datagrams is no reason to be slow", () => {
  const { rate } = flood({ delay: 25, rate: 1_250_000, buffer: 20_000 });
  assert.ok(rate > 0.8 * 1_250_000, `${rate}`);
});

test("a short path is filled although acknowledgements come late", () => {
  const { rate } = flood({ delay: 0.2, rate: 12_500_000, buffer: 1_000_000 }, 2);
  assert.ok(rate > 0.8 * 12_500_000, `${rate}`);
});

test("a path that becomes slower, or faster, is noticed within seconds", () => {
  const { path } = flood({ delay: 25, rate: 4_000_000, buffer: 4_000_000 }, 1);
  const measure = (rate: number): { readonly rate: number; readonly wait: number } => {
    path.path = { delay: 25, rate, buffer: rate };
    path.run(() => false, 3_000);
    path.worstWait = 0;
    const before = path.caller.received;
    path.run(() => false, 3_000);
    return { rate: (path.caller.received - before) / 3, wait: path.worstWait };
  };
  const slower = measure(500_000);
  assert.ok(slower.rate > 0.75 * 500_000 && slower.wait < 150, JSON.stringify(slower));
  const faster = measure(4_000_000);
  assert.ok(faster.rate > 0.75 * 4_000_000, JSON.stringify(faster));
});

test("an end that does not run for a while now and then is not taken for a slower path", () => {
  const { path } = flood({ delay: 25, rate: 6_000_000, buffer: 2_000_000 }, 1);
  const before = path.caller.received;
  for (let i = 1; i <= 12; i++) {
    path.at(path.now + i * 600, () => {
      path.caller.stalledUntil = path.now + 450;
    });
  }
  path.run(() => false, 13 * 600);
  const rate = (path.caller.received - before) / 7.8;
  assert.ok(rate > 0.3 * 6_000_000, `${rate}`);
  assert.ok(path.called.session.bytesPerSecond > 4_000_000, `${path.called.session.bytesPerSecond}`);
});

test("a route that becomes longer does not leave the sender slow", () => {
  const { path } = flood({ delay: 20, rate: 2_000_000, buffer: 2_000_000 }, 1);
  path.path = { delay: 90, rate: 2_000_000, buffer: 2_000_000 };
  path.run(() => false, 4_000);
  const before = path.caller.received;
  path.run(() => false, 4_000);
  const rate = (path.caller.received - before) / 4;
  assert.ok(rate > 0.75 * 2_000_000, `${rate}`);
});

test("what the path carries is known, so that who sends can keep its backlog short", () => {
  const { path } = flood({ delay: 25, rate: 1_000_000, buffer: 1_000_000 });
  const known = path.called.session.bytesPerSecond;
  assert.ok(known > 850_000 && known < 1_150_000, `${known}`);
});

test("pictures, 30 kB each and 30 a second, arrive as fast as light where there is room", () => {
  const path = new KcpPath({ delay: 25, rate: 6_000_000, buffer: 600_000 });
  path.open();
  const sentAt: number[] = [];
  const took: number[] = [];
  path.caller.reader = (bytes) => {
    path.caller.received += bytes.length;
    while (took.length < Math.floor(path.caller.received / 30_000))
      took.push(path.now - (sentAt[took.length] as number));
  };
  for (let i = 0; i < 150; i++) {
    path.at(path.now + i * 33, () => {
      sentAt.push(path.now);
      path.called.write(new Uint8Array(30_000));
    });
  }
  path.run(() => took.length === 150, 10_000);
  const sorted = took.slice(30).sort((a, b) => a - b);
  // 25 ms on the way, and 5 ms to pass through the bottleneck.
  assert.ok((sorted[60] as number) < 35 && (sorted[114] as number) < 45, `${sorted[60]} ${sorted[114]}`);
});

test("a few words before the first picture do not make it slow", () => {
  const path = new KcpPath({ delay: 50, rate: 6_000_000, buffer: 600_000 });
  path.open();
  for (let i = 0; i < 20; i++) {
    path.called.write(new Uint8Array(200));
    path.run(() => false, 150);
  }
  const from = path.now;
  const before = path.caller.received;
  path.called.write(new Uint8Array(150_000));
  assert.ok(path.run(() => path.caller.received - before >= 150_000, 10_000));
  // Windows that double from 19 kB: three round trips and a half, and some.
  assert.ok(path.now - from < 500, `${path.now - from} ms`);
});
