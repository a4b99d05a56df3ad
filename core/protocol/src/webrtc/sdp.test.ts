import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { certificateHash, certificateIn, isDataChannelOnly, sameCertificate, withCandidates } from "./sdp.ts";
import { acceptable } from "./signalling.ts";

const colons = (byte: string): string => Array.from({ length: 32 }, () => byte).join(":");
const FA = `sha-256 ${colons("AB")}`;
const FB = `sha-256 ${colons("CD")}`;
const sdp = (...lines: string[]): string => lines.join("\r\n");
const MEDIUM = "m=application 9 UDP/DTLS/SCTP webrtc-datachannel";

test("a description allows one certificate; two of them allow none, however the second is hidden", () => {
  assert.equal(certificateIn(sdp("v=0", MEDIUM, `a=fingerprint:${FA} `)), FA);
  assert.equal(certificateIn(sdp("v=0", `a=fingerprint:${FA}`, MEDIUM, `a=fingerprint:${FA}`)), FA);
  for (const second of [
    `a=fingerprint:${FB}`,
    `A=FINGERPRINT:${FB}`,
    ` a=fingerprint:${FB}`,
    "a=fingerprint:sha-1 AB",
    "a=fingerprint:",
  ]) {
    for (const end of ["\r\n", "\n", "\r"]) {
      assert.equal(certificateIn(`v=0\r\na=fingerprint:${FA}\r\n${MEDIUM}${end}${second}`), "", second);
    }
  }
  assert.equal(certificateIn(""), "");
  assert.equal(certificateIn("a=fingerprint:sha-1 AB"), "");
});

test("certificates are compared by their bytes", () => {
  assert.equal(certificateHash(FA)?.length, 32);
  assert.ok(sameCertificate(FA, FA.toLowerCase()));
  assert.equal(sameCertificate(FA, FB), false);
  for (const text of ["", "sha-256 ", `${FA}:00`, FA.slice(0, -3), FA.replace("sha", "SHB"), FA.replaceAll(":", "")]) {
    assert.equal(certificateHash(text), undefined);
    assert.equal(sameCertificate(text, text), false);
  }
});

test("only one data channel section is taken", () => {
  assert.ok(isDataChannelOnly(sdp("v=0", MEDIUM)));
  for (const text of [
    "",
    sdp("v=0"),
    sdp(MEDIUM, MEDIUM),
    sdp(MEDIUM, "m=audio 9"),
    sdp("m=audio 9"),
    "m=applications 9",
  ]) {
    assert.equal(isDataChannelOnly(text), false);
  }
});

test("candidates inside a description are chosen like those that come later", () => {
  const good = "a=candidate:1 1 udp 5 192.0.2.1 4000 typ host";
  const text = sdp(
    "v=0",
    `a=fingerprint:${FA}`,
    MEDIUM,
    good,
    "a=candidate:2 1 udp 5 224.0.0.1 4000 typ host",
    "a=candidate:3 1 udp 5 evil.example 4000 typ host",
    " A=Candidate:4 1 udp 5 192.0.2.9 4000 typ host",
    "a=mid:0",
    "",
  );
  assert.equal(acceptable(text, false), sdp("v=0", `a=fingerprint:${FA}`, MEDIUM, good, "a=mid:0", ""));
  assert.equal(withCandidates(text, () => true, 0).includes("andidate"), false);
  const many = sdp("v=0", `a=fingerprint:${FA}`, MEDIUM, ...Array.from({ length: 500 }, () => good));
  assert.equal(acceptable(many, false)?.match(/candidate/g)?.length, 64);
  assert.equal(acceptable(sdp("v=0", MEDIUM), false), undefined);
  fc.assert(fc.property(fc.string(), (garbage) => acceptable(garbage, true) === undefined));
});
