import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeDatagramPath, encodeDatagramPath } from "@pulpit/wire";
import fc from "fast-check";
import { checkedEnd, type DatagramEnd, endIn, hostDescription, viewerDescription } from "./datagram-end.ts";

const certificate = Uint8Array.from({ length: 32 }, (_, i) => 0xa0 + i);
const VIEWER: DatagramEnd = { ufrag: "abcd", pwd: "abcdefghijklmnopqrstuv", certificate, payloadType: 111, source: 0 };
const HOST: DatagramEnd = { ...VIEWER, ufrag: "EFGH", source: 0x01020304 };
type Message = Parameters<typeof checkedEnd>[0];
const received = (end: DatagramEnd): Message =>
  decodeDatagramPath(encodeDatagramPath({ end: { ...end } }))?.end as Message;

test("an end travels in the bytes of the extension (docs/protocol/extensions.md, 9) and gives both descriptions", () => {
  const hex = (end: DatagramEnd): string => Buffer.from(encodeDatagramPath({ end: { ...end } })).toString("hex");
  const common = `1216${Buffer.from(VIEWER.pwd).toString("hex")}1a20${Buffer.from(certificate).toString("hex")}206f`;
  assert.equal(hex(VIEWER), `8a3f440a420a0461626364${common}`);
  assert.equal(hex(HOST), `8a3f490a470a0445464748${common}2884868808`);
  assert.deepEqual(checkedEnd(received(VIEWER)), VIEWER);
  assert.deepEqual(checkedEnd(received(HOST)), HOST);
  assert.deepEqual(endIn(viewerDescription(VIEWER), 0), VIEWER);
  assert.deepEqual(endIn(hostDescription(HOST), HOST.source), HOST);
  assert.match(hostDescription(HOST), /^a=sendonly\r$.*^a=ssrc:16909060 cname:/ms);
  assert.match(viewerDescription(VIEWER), /^a=recvonly\r$/m);
});

test("an end that is none, or that could break out of its line, is refused", () => {
  for (const wrong of [
    { ufrag: "abc" },
    { ufrag: "ab\r\nm=video" },
    { ufrag: "a".repeat(33) },
    { pwd: "short" },
    { pwd: "abcdefghijklmnopqrstu\n" },
    { pwd: "x".repeat(65) },
    { certificate: certificate.subarray(1) },
    { payloadType: 0 },
    { payloadType: 72 },
    { payloadType: 95 },
    { payloadType: 128 },
  ]) {
    assert.equal(checkedEnd(received({ ...VIEWER, ...wrong })), undefined, JSON.stringify(wrong));
  }
  const lines = viewerDescription(VIEWER).split("\r\n").length;
  const anything = fc.record({
    ufrag: fc.string({ unit: "binary", maxLength: 40 }),
    pwd: fc.oneof(fc.constant(VIEWER.pwd), fc.string({ unit: "binary", maxLength: 70 })),
    certificate: fc.uint8Array({ minLength: 31, maxLength: 33 }),
    payloadType: fc.nat(0xffff_ffff),
    source: fc.nat(0xffff_ffff),
  });
  fc.assert(
    fc.property(anything, (message) => {
      const end = checkedEnd(message as unknown as Message);
      if (end !== undefined) assert.equal(viewerDescription(end).split(/[\r\n]+/).length, lines);
    }),
  );
});

test("a description of something else has no end: other sections, no certificate, no Opus", () => {
  const good = viewerDescription(VIEWER);
  assert.ok(endIn(good, 0));
  assert.equal(endIn("", 0), undefined);
  assert.equal(
    endIn(good.replace("a=mid:0", "a=mid:1").replace("a=mid:1\r\na=sctp", "a=mid:0\r\na=sctp"), 0),
    undefined,
  );
  assert.equal(endIn(good.replace("m=audio", "m=video"), 0), undefined);
  assert.equal(endIn(good.replaceAll("sha-256", "sha-512"), 0), undefined);
  assert.equal(endIn(good.replace("a=rtpmap:111 opus", "a=rtpmap:111 PCMU"), 0), undefined);
});
