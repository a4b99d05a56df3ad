import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { sessionKeyOf } from "./endpoint.ts";

const offer = (...lines: string[]): string => endpoint(JSON.stringify({ type: "offer", sdp: lines.join("\r\n") }));
const endpoint = (text: string): string => `webrtc://${Buffer.from(text).toString("base64")}`;

test("the session key is the offer's fingerprint: the session's, else that of the first data channel", () => {
  const mine = "sha-256 A0:A1:BF";
  assert.equal(sessionKeyOf(offer("v=0", `a=fingerprint:${mine} `, "m=application 9", "a=fingerprint:other")), mine);
  assert.equal(
    sessionKeyOf(offer("v=0", "m=audio 9", "a=fingerprint:other", "m=application 9", `a=fingerprint:${mine}`)),
    mine,
  );
  assert.equal(sessionKeyOf(offer("v=0", "m=application 9", "m=application 9", `a=fingerprint:${mine}`)), mine);
});

test("what is no offer has no session key", () => {
  for (const text of [
    "",
    "webrtc://",
    "webrtc://!!",
    endpoint("{}"),
    endpoint("null"),
    endpoint('{"sdp":5}'),
    offer("v=0"),
  ]) {
    assert.equal(sessionKeyOf(text), "");
  }
  assert.equal(sessionKeyOf(offer("v=0", `a=fingerprint:x${"y".repeat(20_000)}`)), "");
  assert.equal(sessionKeyOf(Buffer.from('{"sdp":"a=fingerprint:x"}').toString("base64")), "");
});

test("no text makes it throw", () => {
  fc.assert(fc.property(fc.string(), (text) => void sessionKeyOf(`webrtc://${text}`)));
  fc.assert(fc.property(fc.json(), (json) => void sessionKeyOf(endpoint(json))));
});
