import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ProtocolError } from "../errors.ts";
import { FragmentReader, fragmentsOf, MAX_FRAGMENT_PAYLOAD } from "./fragments.ts";

const read = (reader: FragmentReader, fragments: Iterable<Uint8Array>): Uint8Array[] =>
  [...fragments].flatMap((fragment) => reader.push(fragment) ?? []);
const filled = (length: number, byte: number): Uint8Array => new Uint8Array(length).fill(byte);
const same = (a: Uint8Array | undefined, b: Uint8Array): boolean => a !== undefined && Buffer.compare(a, b) === 0;
const codeOf = (run: () => unknown): string | undefined => {
  try {
    run();
    return undefined;
  } catch (error) {
    if (error instanceof ProtocolError) return error.code;
    throw error;
  }
};

test("messages are cut as in the table of the specification", () => {
  for (const [length, payloads] of [
    [0, [0]],
    [60_000, [60_000]],
    [60_001, [60_000, 1]],
    [120_000, [60_000, 60_000]],
    [150_000, [60_000, 60_000, 30_000]],
  ] as const) {
    const fragments = [...fragmentsOf(filled(length, 0xab), MAX_FRAGMENT_PAYLOAD)];
    assert.deepEqual(
      fragments.map((fragment) => fragment.length - 1),
      payloads,
    );
    fragments.forEach((fragment, i) => {
      assert.equal(fragment[0], i < fragments.length - 1 ? 1 : 0);
      assert.ok(fragment.subarray(1).every((byte) => byte === 0xab));
    });
  }
  assert.deepEqual([...fragmentsOf(Uint8Array.of(0x70, 1))], [Uint8Array.of(0, 0x70, 1)]);
  // Ours are smaller, which every receiver has to take.
  const own = [...fragmentsOf(filled(5_000, 1))];
  assert.deepEqual(
    own.map(({ length }) => length - 1),
    [2_200, 2_200, 600],
  );
});

test("what was cut is put together again, however it was cut", () => {
  const message = fc.uint8Array({ maxLength: 300 });
  const cuts = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(fc.array(message, { maxLength: 8 }), cuts, (messages, sizes) => {
      const fragments = messages.flatMap((whole) => {
        const pieces: Uint8Array[] = [];
        let at = 0;
        for (let i = 0; at < whole.length; i++) {
          const end = Math.min(at + (sizes[i % sizes.length] as number), whole.length);
          pieces.push(Uint8Array.of(end < whole.length ? 1 : 0, ...whole.subarray(at, end)));
          at = end;
        }
        return pieces.length === 0 ? [Uint8Array.of(0)] : pieces;
      });
      assert.deepEqual(read(new FragmentReader(300), fragments), messages);
    }),
  );
  for (const length of [0, 1, MAX_FRAGMENT_PAYLOAD, 200_000]) {
    const whole = Uint8Array.from({ length }, (_, i) => i * 7);
    assert.ok(same(read(new FragmentReader(length), fragmentsOf(whole))[0], whole));
  }
});

test("a last fragment may be empty, and a message may end in it", () => {
  assert.deepEqual(read(new FragmentReader(9), [Uint8Array.of(1, 5), Uint8Array.of(0)]), [Uint8Array.of(5)]);
});

test("no header, an unknown one, and an empty fragment with more to come are violations", () => {
  for (const fragment of [[], [2, 1], [255], [1]]) {
    assert.equal(
      codeOf(() => new FragmentReader(10).push(Uint8Array.from(fragment))),
      "malformed",
    );
  }
});

test("the limit holds for the whole message, from the first fragment that exceeds it, and may change", () => {
  const reader = new FragmentReader(3);
  assert.equal(reader.push(Uint8Array.of(1, 1, 1)), undefined);
  assert.ok(reader.pending);
  assert.equal(
    codeOf(() => reader.push(Uint8Array.of(1, 1, 1))),
    "too-large",
  );
  assert.equal(
    codeOf(() => new FragmentReader(3).push(filled(5, 0))),
    "too-large",
  );
  const growing = new FragmentReader(3);
  growing.limit = 4;
  assert.deepEqual(growing.push(filled(5, 0)), filled(4, 0));
  assert.equal(growing.pending, false);
});

test("a message in one-byte fragments costs no more memory than twice its bytes", () => {
  const reader = new FragmentReader(1 << 20);
  const one = Uint8Array.of(1, 9);
  for (let i = 0; i < 100_000; i++) reader.push(one);
  const message = reader.push(Uint8Array.of(0)) as Uint8Array;
  assert.equal(message.length, 100_000);
  assert.ok(message.buffer.byteLength <= 200_000);
});

test("whatever comes, the reader answers or says what is wrong", () => {
  const fragments = fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 30 });
  fc.assert(
    fc.property(fragments, (list) => {
      const reader = new FragmentReader(64);
      const code = codeOf(() => {
        for (const message of read(reader, list)) assert.ok(message.length <= 64);
      });
      assert.ok(code === undefined || code === "malformed" || code === "too-large");
    }),
  );
});
