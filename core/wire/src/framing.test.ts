import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { WireError } from "./errors.ts";
import { encodeFrame, FrameReader, frameHeader, MAX_FRAME_PAYLOAD } from "./framing.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "hex"));

/** The rows of section 2.4: payload length and header. */
const page = readFileSync(new URL("../../../docs/protocol/wire.md", import.meta.url), "utf8");
const section = /### 2\.4 [\s\S]*?(?=\n### )/.exec(page)?.[0] ?? "";
const headers = [...section.matchAll(/^\| (\d+) \| `([0-9a-f]+)` \|$/gm)].map(([, length, header]) => ({
  length: Number(length),
  header: header as string,
}));

test("every header of the specification is written so, and announces its length", () => {
  assert.equal(headers.length, 13);
  for (const { length, header } of headers) {
    assert.equal(hex(frameHeader(length)), header);
    const reader = new FrameReader(length - 1);
    reader.push(bytes(header));
    if (length > 0) assert.throws(() => reader.next(), { code: "too-large" });
    const roomy = new FrameReader(MAX_FRAME_PAYLOAD);
    roomy.push(bytes(header));
    assert.equal(roomy.next()?.length, length === 0 ? 0 : undefined);
  }
});

test("every whole frame of the specification is its envelope behind its header", () => {
  const rows = [...section.matchAll(/\| `([0-9a-f]+)` \| `([0-9a-f]+)`( \+ envelope)? \|$/gm)];
  assert.equal(rows.length, 10);
  for (const [, envelope = "", framed = "", more] of rows) {
    const whole = more === undefined ? framed : framed + envelope;
    assert.equal(hex(encodeFrame(bytes(envelope))), whole);
    const reader = new FrameReader(1024);
    reader.push(bytes(whole));
    assert.equal(hex(reader.next() as Uint8Array), envelope);
  }
});

test("frames come out whole and in order, however the stream is cut; what follows is left untouched", () => {
  const anything = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 12 });
  fc.assert(
    fc.property(
      anything,
      fc.uint8Array({ maxLength: 40 }),
      fc.infiniteStream(fc.integer({ min: 1, max: 70 })),
      (frames, tail, cuts) => {
        const stream = Buffer.concat([...frames.map(encodeFrame), tail]);
        const reader = new FrameReader(300);
        const out: Uint8Array[] = [];
        let at = 0;
        while (at < stream.length) {
          const cut = cuts.next().value as number;
          reader.push(Uint8Array.from(stream.subarray(at, at + cut)));
          at += cut;
          for (let next = out.length < frames.length ? reader.next() : undefined; next !== undefined; ) {
            out.push(next);
            next = out.length < frames.length ? reader.next() : undefined;
          }
        }
        assert.deepEqual(out.map(hex), frames.map(hex));
        assert.equal(reader.buffered, tail.length);
        assert.equal(hex(reader.rest()), hex(tail));
        assert.equal(reader.buffered, 0);
      },
    ),
    { numRuns: 500 },
  );
});

test("a header that announces too much is refused before anything is gathered", () => {
  const reader = new FrameReader(1000);
  reader.push(frameHeader(1001));
  const before = process.memoryUsage().arrayBuffers;
  assert.throws(
    () => reader.next(),
    (error) => error instanceof WireError && error.code === "too-large",
  );
  assert.ok(process.memoryUsage().arrayBuffers - before < 1_000_000);
  assert.throws(() => frameHeader(MAX_FRAME_PAYLOAD + 1), { code: "too-large" });
});

test("the limit may change between two frames", () => {
  const reader = new FrameReader(4);
  reader.push(encodeFrame(new Uint8Array(4)));
  reader.push(encodeFrame(new Uint8Array(9)));
  assert.equal(reader.next()?.length, 4);
  assert.throws(() => reader.next(), { code: "too-large" });
  reader.limit = 9;
  assert.equal(reader.next()?.length, 9);
});

test("any bytes at all give frames, nothing, or a WireError", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 64 }), { maxLength: 30 }), (chunks) => {
      const reader = new FrameReader(100);
      try {
        for (const chunk of chunks) {
          reader.push(chunk);
          while (reader.next() !== undefined);
        }
      } catch (error) {
        assert.ok(error instanceof WireError);
      }
    }),
    { numRuns: 3000 },
  );
});
