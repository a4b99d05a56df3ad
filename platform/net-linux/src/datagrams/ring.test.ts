import assert from "node:assert/strict";
import { test } from "node:test";
import { DatagramRing } from "./ring.ts";

const address = Uint8Array.from({ length: 16 }, (_, i) => i);
const bytes = (length: number, from: number): Uint8Array => Uint8Array.from({ length }, (_, i) => from + i);

test("datagrams come out as they went in, in order, however often the ring goes round", () => {
  const ring = new DatagramRing();
  const other = new DatagramRing(ring.buffer);
  let put = 0;
  let taken = 0;
  for (let round = 0; round < 3000; round++) {
    for (let i = 0; i < 5; i++, put++) {
      const data = bytes((put * 37) % 1501, put);
      assert.ok(ring.put(bytes(3 + data.length, put - 3), 3, data.length, { address, port: put & 0xffff, zone: put }));
    }
    for (let i = 0; i < 5; i++, taken++) {
      const from = { address, port: taken & 0xffff, zone: taken };
      assert.deepEqual(other.take(), { data: bytes((taken * 37) % 1501, taken), from });
    }
  }
  assert.equal(other.take(), undefined);
});

test("a full ring takes nothing more until something was taken out, and loses nothing it took", () => {
  const ring = new DatagramRing();
  const data = bytes(1000, 0);
  const from = { address, port: 1, zone: 0 };
  let held = 0;
  while (ring.put(data, 0, data.length, from)) held += 1;
  assert.ok(held > 900);
  assert.equal(ring.put(data, 0, data.length, from), false);
  for (let i = 0; i < 100; i++) assert.ok(ring.take());
  for (let i = 0; i < 100; i++) assert.ok(ring.put(data, 0, data.length, from));
  let left = 0;
  while (ring.take() !== undefined) left += 1;
  assert.equal(left, held);
});
