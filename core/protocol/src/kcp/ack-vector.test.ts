import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ReceiveWindow } from "./receive-window.ts";
import { SegmentCommand } from "./segment.ts";
import { SendWindow } from "./send-window.ts";

const push = (number: number): Parameters<ReceiveWindow["accept"]>[0] => ({
  command: SegmentCommand.push,
  window: 1024,
  timestamp: 0,
  number,
  arrivedBefore: 0,
  data: Uint8Array.of(1),
});

/** A window with `count` segments on their way. */
function sending(count: number): SendWindow {
  const window = new SendWindow();
  window.remoteHasRoom(1024);
  let sent = 0;
  for (let now = 0; sent < count; now += 50) {
    if (window.queuedBytes === 0) window.write(new Uint8Array(1));
    for (const _ of window.sendings(now, now)) sent += 1;
  }
  return window;
}

test("a vector has a bit for each segment behind the first that is missing (docs/protocol/extensions.md, 9)", () => {
  const window = new ReceiveWindow();
  const vector = (): string => Buffer.from(window.beyond()).toString("hex");
  assert.equal(vector(), "");
  window.accept(push(0));
  assert.equal(vector(), "");
  for (const number of [2, 4, 10]) window.accept(push(number));
  assert.equal(window.next, 1);
  assert.equal(vector(), "0501");
  window.accept(push(1));
  assert.equal(window.next, 3);
  assert.equal(vector(), "41");
});

test("whatever has arrived, the vector says exactly that, in 128 bytes at most", () => {
  const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 1023 }), { maxLength: 300 });
  fc.assert(
    fc.property(numbers, (arrived) => {
      const window = new ReceiveWindow();
      for (const number of arrived) window.accept(push(number));
      const vector = window.beyond();
      assert.ok(vector.length <= 128);
      const said = [...vector].flatMap((byte, at) =>
        [0, 1, 2, 3, 4, 5, 6, 7].filter((bit) => byte & (1 << bit)).map((bit) => 1 + 8 * at + bit),
      );
      assert.deepEqual(
        said,
        arrived.toSorted((a, b) => a - b),
      );
    }),
  );
});

test("segments that a vector names need no sending again; what was never sent, and a vector without end, count for nothing", () => {
  const window = sending(3);
  window.arrivedBeyond(0, Uint8Array.of(0b11), 200);
  window.settle(200);
  assert.equal(window.empty, false);
  const again = [...window.sendings(10_000, 10_000), ...window.sendings(10_020, 10_020)].map(({ number }) => number);
  assert.deepEqual([...new Set(again)], [0]);

  const other = sending(1);
  other.arrivedBeyond(0xffff_ffff, new Uint8Array(100_000).fill(255), 200);
  assert.equal(other.empty, false);
  fc.assert(
    fc.property(fc.nat(0xffff_ffff), fc.uint8Array({ maxLength: 2000 }), (missing, vector) => {
      sending(2).arrivedBeyond(missing, vector, 200);
    }),
  );
});
