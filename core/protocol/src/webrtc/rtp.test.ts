import assert from "node:assert/strict";
import { test } from "node:test";
import { RTP_HEADER, RtpSender } from "./rtp.ts";

test("a datagram is the payload of a packet of its own, numbered, and the numbers begin anew (docs/protocol/extensions.md, 9)", () => {
  const sender = new RtpSender({ payloadType: 111, source: 0x01020304 });
  const first = sender.packet(Uint8Array.of(0xaa, 0xbb));
  assert.equal(Buffer.from(first).toString("hex"), "806f00000000000001020304aabb");
  assert.equal(first.length, RTP_HEADER + 2);
  assert.equal(Buffer.from(sender.packet(new Uint8Array(0))).toString("hex"), "806f00010000003001020304");
  for (let i = 2; i < 0x1_0000; i++) sender.packet(new Uint8Array(0));
  const again = sender.packet(new Uint8Array(0));
  assert.equal(Buffer.from(again).toString("hex").slice(0, 16), "806f000000300000");
});
