import assert from "node:assert/strict";
import { test } from "node:test";
import { packAddress } from "./packed-address.ts";
import { SourceSketch } from "./source-sketch.ts";

const packed = (host: string): Uint8Array => {
  const address = new Uint8Array(16);
  assert.ok(packAddress(host, address, 0), host);
  return address;
};
/** How many of `attempts` are allowed. */
function allowed(sketch: SourceSketch, host: string, attempts: number, now: number): number {
  let count = 0;
  const address = packed(host);
  for (let i = 0; i < attempts; i++) if (sketch.allows(address, 0, now)) count += 1;
  return count;
}

test("a source may send so much in a second, and as much again in the next", () => {
  const sketch = new SourceSketch(200, [1, 2]);
  assert.equal(allowed(sketch, "203.0.113.1", 1000, 0), 200);
  assert.equal(allowed(sketch, "203.0.113.1", 1000, 999), 0);
  assert.equal(allowed(sketch, "203.0.113.2", 1000, 999), 200);
  assert.equal(allowed(sketch, "203.0.113.1", 1000, 1000), 200);
});

test("all addresses of an IPv6 network of 64 bits are one source, those of another are not", () => {
  const sketch = new SourceSketch(200, [1, 2]);
  assert.equal(allowed(sketch, "2001:db8:1:2::1", 150, 0) + allowed(sketch, "2001:db8:1:2:3:4:5:6", 150, 0), 200);
  assert.equal(allowed(sketch, "2001:db8:1:3::1", 300, 0), 200);
});

test("hundreds of thousands of sources, and a thousand that flood, leave a quiet one its budget", () => {
  const sketch = new SourceSketch(200, [3, 4]);
  const address = packed("10.0.0.0");
  const number = new DataView(address.buffer);
  for (let i = 0; i < 300_000; i++) {
    number.setUint32(12, 0x0a000000 + i);
    sketch.allows(address, 0, 0);
  }
  for (let i = 0; i < 1000; i++) {
    number.setUint32(12, 0x0b000000 + i);
    for (let n = 0; n < 200; n++) sketch.allows(address, 0, 0);
  }
  const quiet = Array.from({ length: 1000 }, (_, i) => allowed(sketch, `198.51.100.${i % 250}`, 1, 0));
  assert.ok(quiet.filter((one) => one === 0).length < 10);
});
