import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeCrypto } from "@pulpit/crypto-node";
import { decodeMessage, encodeMessage, type PeerMessage, type PeerMessageInit } from "@pulpit/wire";
import { signIdentity } from "../crypto/identity.ts";
import { signCertifiedIdentity } from "./certified-identity.ts";
import { HostHandshake } from "./host.ts";
import { ViewerHandshake } from "./viewer.ts";
import { WebRtcHostHandshake } from "./webrtc-host.ts";
import type { WebRtcHandshakeEffect, WebRtcHandshakeOutcome } from "./webrtc-outcome.ts";
import { WebRtcViewerHandshake } from "./webrtc-viewer.ts";

const crypto = nodeCrypto();
const range = (from: number, length = 32): Uint8Array => Uint8Array.from({ length }, (_, i) => from + i);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const colons = (from: number): string =>
  `sha-256 ${Array.from(range(from), (byte) => byte.toString(16).toUpperCase().padStart(2, "0")).join(":")}`;

// docs/protocol/handshake.md, section 7.1, and docs/protocol/webrtc.md, section 15.
const identity = crypto.signKeyPair(range(0x20));
const hostBox = crypto.boxKeyPair(range(0x40));
const viewerBox = crypto.boxKeyPair(range(0x60));
const sessionKey = range(0x80);
const ID = "123456789";
const FA = colons(0xa0);
const FB = colons(0xc0);

const host = (certificate = FB): WebRtcHostHandshake =>
  new WebRtcHostHandshake({ crypto, id: ID, identity, certificate, box: hostBox });
const viewer = (certificate = FB, hostKey = identity.publicKey, hostId = ID): WebRtcViewerHandshake =>
  new WebRtcViewerHandshake({ crypto, hostId, hostKey, certificate, box: viewerBox, sessionKey });

const sent = (effects: readonly WebRtcHandshakeEffect[]): PeerMessageInit[] =>
  effects.flatMap((effect) => (effect.type === "send" ? [effect.message] : []));
const outcome = (effects: readonly WebRtcHandshakeEffect[]): WebRtcHandshakeOutcome | undefined =>
  effects.flatMap((effect) => (effect.type === "finish" ? [effect.outcome] : []))[0];
const wire = (message: PeerMessageInit | undefined): PeerMessage =>
  decodeMessage(encodeMessage(message as PeerMessageInit));
const received = (message: PeerMessageInit | undefined): { type: "received"; message: PeerMessage } => ({
  type: "received",
  message: wire(message),
});
const proof = (certificate: string, id = ID): PeerMessageInit => ({
  case: "signedId",
  value: {
    id: signCertifiedIdentity(crypto, { id, key: hostBox.publicKey, certificate, extensions: [] }, identity.secretKey),
  },
});
const refused = (why: string): object[] => [{ type: "finish", outcome: { type: "refused", why } }];

test("both ends exchange exactly the bytes of the specification and keep no key", () => {
  const hostSide = host();
  const [signedId] = sent(hostSide.handle({ type: "start" }, 0));
  assert.equal(
    hex(encodeMessage(signedId as PeerMessageInit)),
    `1ad9010ad6017ba5e2b784ecf9f8bac9daea74af60a5205f6b3022dc16c23aebcd5e42caa7b6df7225145d72b09c9d73610d027191a9a66d9cc7dc6eb89b73baa8afb6270f0a0a09313233343536373839122079a631eede1bf9c98f12032cdeadd0e7a079398fc786b88cc846ec89af85a51a1a67${hex(Buffer.from(FB))}`,
  );
  const answer = viewer().handle(received(signedId), 1);
  assert.match(hex(encodeMessage(sent(answer)[0] as PeerMessageInit)), /^22540a20675dd5.*db84f$/);
  assert.deepEqual(outcome(answer), { type: "authenticated" });
  assert.deepEqual(outcome(hostSide.handle(received(sent(answer)[0]), 2)), { type: "authenticated" });
});

test("a server that puts its own certificate in between gets no session, and the viewer sends it nothing", () => {
  // The connection ends at FA, the host signed FB.
  assert.deepEqual(viewer(FA).handle(received(proof(FB)), 0), refused("wrong-certificate"));
});

test("a proof without a certificate, as on other transports, or with something that is none, is refused", () => {
  const plain = signIdentity(crypto, { id: ID, key: hostBox.publicKey }, identity.secretKey);
  const unbound = viewer().handle(received({ case: "signedId", value: { id: plain } }), 0);
  assert.deepEqual(unbound, refused("wrong-certificate"));
  for (const text of [
    "",
    "sha-256",
    FB.slice(0, -1),
    `${FB}:00`,
    FB.replace("sha-256", "sha-1"),
    ` ${FB}`,
    `${FB}\0`,
  ]) {
    assert.deepEqual(viewer().handle(received(proof(text)), 0), refused("wrong-certificate"), text);
  }
  // Nor does an empty one match an empty one.
  assert.deepEqual(viewer("").handle(received(proof("")), 0), refused("wrong-certificate"));
});

test("a certificate counts by its bytes: stock hosts may spell it in small letters", () => {
  const small = proof(`sha-256 ${FB.slice(8).toLowerCase()}`);
  assert.equal(outcome(viewer().handle(received(small), 0))?.type, "authenticated");
});

test("another signer or another ID is refused with or without the right certificate", () => {
  const other = crypto.signKeyPair(range(0xa0)).publicKey;
  assert.deepEqual(viewer(FB, other).handle(received(proof(FB)), 0), refused("bad-identity"));
  assert.deepEqual(viewer(FB).handle(received(proof(FB, "987654321")), 0), refused("bad-identity"));
});

test("every flipped bit of the proof is refused, and any other first message is a violation", () => {
  const id = (proof(FB) as { value: { id: Uint8Array } }).value.id;
  for (let bit = 0; bit < id.length * 8; bit += 3) {
    const flipped = Uint8Array.from(id);
    flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
    const effects = viewer().handle(received({ case: "signedId", value: { id: flipped } }), 0);
    assert.deepEqual(effects, refused("bad-identity"), `bit ${bit}`);
  }
  const hash = received({ case: "hash", value: { salt: "s", challenge: "c" } });
  assert.throws(() => viewer().handle(hash, 0), { code: "unexpected-message" });
});

test("a host leaves an unauthenticated connection to policy and ends on a box that does not open", () => {
  const empty = { type: "received", message: decodeMessage(new Uint8Array(0)) } as const;
  assert.deepEqual(outcome(host().handle(empty, 0)), { type: "unauthenticated", why: "declined" });
  const mismatch = { type: "received", message: decodeMessage(Buffer.from("2200", "hex")) } as const;
  assert.deepEqual(outcome(host().handle(mismatch, 0)), { type: "unauthenticated", why: "key-mismatch" });
  const value = { asymmetricValue: viewerBox.publicKey, symmetricValue: new Uint8Array(48) };
  assert.throws(() => host().handle(received({ case: "publicKey", value }), 0), { code: "decryption-failed" });
  assert.throws(() => host(""), RangeError);
});

test("both ends give up after 18 s", () => {
  for (const machine of [host(), viewer()]) {
    machine.handle({ type: "start" }, 5);
    assert.equal(machine.deadline, 18_005);
    assert.throws(() => machine.handle({ type: "timeout" }, 18_005), { code: "timeout" });
  }
});

test("on other transports no certificate is signed, and one that is does no harm", () => {
  const plain = new HostHandshake({ crypto, id: ID, identity, box: hostBox }).handle({ type: "start" }, 0);
  assert.deepEqual(
    (sent(plain as WebRtcHandshakeEffect[])[0] as { value: { id: Uint8Array } }).value.id,
    signIdentity(crypto, { id: ID, key: hostBox.publicKey }, identity.secretKey),
  );
  const other = new ViewerHandshake({ crypto, hostId: ID, hostKey: identity.publicKey, box: viewerBox, sessionKey });
  const effects = other.handle(received(proof(FB)), 0);
  assert.ok(effects.some((effect) => effect.type === "finish" && effect.outcome.type === "secured"));
});

test("what the host speaks besides is signed with its certificate, and the viewer knows it", () => {
  const options = { crypto, id: ID, identity, certificate: FB, box: hostBox };
  const [signedId] = sent(new WebRtcHostHandshake({ ...options, extensions: [9, 77] }).handle({ type: "start" }, 0));
  const viewerSide = viewer();
  assert.deepEqual(viewerSide.extensions, []);
  assert.deepEqual(outcome(viewerSide.handle(received(signedId), 1)), { type: "authenticated" });
  assert.deepEqual(viewerSide.extensions, [9, 77]);
  const stock = viewer();
  stock.handle(received(proof(FB)), 1);
  assert.deepEqual(stock.extensions, []);
});
