import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { DatagramPacker } from "./datagram-packer.ts";
import { type Segment, SegmentCommand, segmentsIn } from "./segment.ts";

const CONVERSATION = 0x11223344;
const HEADER = "4433221100000000000000000a00";
const name = { conversation: CONVERSATION, source: 0, destination: 0 };
const push: Segment = {
  command: SegmentCommand.push,
  window: 1024,
  timestamp: 10,
  number: 0,
  arrivedBefore: 0,
  data: Uint8Array.of(0),
};
const acknowledgement: Segment = {
  command: SegmentCommand.acknowledge,
  window: 1024,
  timestamp: 10,
  number: 0,
  arrivedBefore: 1,
  data: new Uint8Array(0),
};

const u32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const segment: fc.Arbitrary<Segment> = fc.record(
  {
    command: fc.constantFrom(...Object.values(SegmentCommand)),
    window: fc.integer({ min: 0, max: 65_535 }),
    timestamp: u32,
    number: u32,
    arrivedBefore: u32,
    data: fc.uint8Array({ maxLength: 1176 }),
  },
  { noNullPrototype: true },
);

function packed(...segments: readonly Segment[]): readonly Uint8Array[] {
  const packer = new DatagramPacker(name);
  for (const each of segments) packer.add(each);
  return packer.take();
}

test("segments are those of docs/protocol/wire.md, section 5.5", () => {
  const vectors: readonly (readonly [Segment, string])[] = [
    [push, `${HEADER}44332211510000040a00000000000000000000000100000000`],
    [acknowledgement, `${HEADER}44332211520000040a000000000000000100000000000000`],
  ];
  for (const [each, hex] of vectors) {
    assert.deepEqual(
      packed(each).map((datagram) => Buffer.from(datagram).toString("hex")),
      [hex],
    );
    assert.deepEqual(segmentsIn(Uint8Array.from(Buffer.from(hex, "hex")).subarray(14), CONVERSATION), [each]);
  }
});

test("what is packed comes out again in order, in datagrams of at most 1214 bytes", () => {
  fc.assert(
    fc.property(fc.array(segment, { maxLength: 90 }), (segments) => {
      const datagrams = packed(...segments);
      for (const { length } of datagrams) assert.ok(length <= 1214, `${length}`);
      assert.deepEqual(
        datagrams.flatMap((datagram) => segmentsIn(datagram.subarray(14), CONVERSATION) ?? []),
        segments,
      );
    }),
  );
});

test("of a datagram that is spoiled anywhere nothing counts, and no bytes make it throw", () => {
  const whole = (packed(push, acknowledgement)[0] as Uint8Array).subarray(14);
  const spoiled = (at: number, value: number): Uint8Array => whole.with(at, value);
  assert.equal(segmentsIn(spoiled(0, 0), CONVERSATION), undefined, "another conversation");
  assert.equal(segmentsIn(spoiled(4, 80), CONVERSATION), undefined, "an unknown command");
  assert.equal(segmentsIn(spoiled(29, 85), CONVERSATION), undefined, "an unknown command later on");
  assert.equal(segmentsIn(spoiled(23, 0xff), CONVERSATION), undefined, "a length beyond the end");
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      bytes.set(whole.subarray(0, Math.min(5, bytes.length)));
      for (const { data } of segmentsIn(bytes, CONVERSATION) ?? []) assert.ok(data.length <= bytes.length - 24);
    }),
  );
});
