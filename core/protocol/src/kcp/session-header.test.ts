import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { SessionFlag, sessionHeader, sessionPacketIn } from "./session-header.ts";

const name = { conversation: 0x11223344, source: 0, destination: 0 };
const { syn, ack, fin, data, rst, ping, pong } = SessionFlag;

test("headers are those of docs/protocol/wire.md, section 5.5", () => {
  const vectors: readonly (readonly [number, string])[] = [
    [syn, "4433221100000000000000000100"],
    [syn | ack, "4433221100000000000000000300"],
    [ack | data, "4433221100000000000000000a00"],
    [fin, "4433221100000000000000000400"],
    [rst, "4433221100000000000000001000"],
    [ping, "4433221100000000000000002000"],
    [ping | pong, "4433221100000000000000006000"],
  ];
  for (const [flags, hex] of vectors) {
    assert.equal(Buffer.from(sessionHeader(name, flags)).toString("hex"), hex);
    const packet = sessionPacketIn(Buffer.from(hex, "hex"));
    assert.deepEqual(packet, { name, flags, payload: Buffer.alloc(0) });
  }
});

test("whatever arrives is a packet or nothing, and never more than was there", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 3000 }), (bytes) => {
      const packet = sessionPacketIn(bytes);
      if (bytes.length < 14 || bytes.length > 2048) assert.equal(packet, undefined);
      else assert.deepEqual(packet?.payload, bytes.subarray(14));
    }),
  );
});
