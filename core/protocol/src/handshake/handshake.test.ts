import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeCrypto } from "@pulpit/crypto-node";
import { decodeMessage, encodeMessage, type PeerMessage, type PeerMessageInit } from "@pulpit/wire";
import { signIdentity } from "../crypto/identity.ts";
import { Opening, Sealing } from "../crypto/sealing.ts";
import { ProtocolError } from "../errors.ts";
import { type HandshakeEffect, HostHandshake } from "./host.ts";
import { HANDSHAKE_TIMEOUT, type HandshakeOutcome } from "./outcome.ts";
import { ViewerHandshake } from "./viewer.ts";

const crypto = nodeCrypto();
const range = (from: number, length = 32): Uint8Array => Uint8Array.from({ length }, (_, i) => from + i);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

// docs/protocol/handshake.md, section 7.1.
const hostIdentity = crypto.signKeyPair(range(0x20));
const hostBox = crypto.boxKeyPair(range(0x40));
const viewerBox = crypto.boxKeyPair(range(0x60));
const sessionKey = range(0x80);
const ID = "123456789";

const host = (): HostHandshake => new HostHandshake({ crypto, id: ID, identity: hostIdentity, box: hostBox });
const viewer = (hostKey = hostIdentity.publicKey, hostId = ID): ViewerHandshake =>
  new ViewerHandshake({ crypto, hostId, hostKey, box: viewerBox, sessionKey });

const sent = (effects: readonly HandshakeEffect[]): PeerMessageInit[] =>
  effects.flatMap((effect) => (effect.type === "send" ? [effect.message] : []));
const outcome = (effects: readonly HandshakeEffect[]): HandshakeOutcome | undefined =>
  effects.flatMap((effect) => (effect.type === "finish" ? [effect.outcome] : []))[0];
const wire = (message: PeerMessageInit | undefined): PeerMessage =>
  decodeMessage(encodeMessage(message as PeerMessageInit));

test("host and viewer exchange exactly the bytes of the specification and agree on a key", () => {
  const hostSide = host();
  const [signedId] = sent(hostSide.handle({ type: "start" }, 0));
  assert.equal(
    hex(encodeMessage(signedId as PeerMessageInit)),
    "1a6f0a6decb5a2dc58dc46ab981d70c38dfcef7a4b14d5ee84cbd8060ec14296ec8f44a65051bac6e210a4e021e05cb1ecf810abe89324af03f2993fc7130bd0a56e9b0f0a09313233343536373839122079a631eede1bf9c98f12032cdeadd0e7a079398fc786b88cc846ec89af85a51a",
  );
  const viewerSide = viewer();
  assert.deepEqual(viewerSide.handle({ type: "start" }, 0), []);
  const answer = viewerSide.handle({ type: "received", message: wire(signedId) }, 1);
  assert.equal(
    hex(encodeMessage(sent(answer)[0] as PeerMessageInit)),
    "22540a20675dd574ed7789310b3d2e7681f3790b466c773b1521fecf36577958371ea52f1230b5631759150b02acdc04e29f46e538de722f179507f80af21fa278ec13007074f62feca493fb07561194f7012bbdb84f",
  );
  assert.deepEqual(outcome(answer), { type: "secured", key: sessionKey });
  const end = outcome(hostSide.handle({ type: "received", message: wire(sent(answer)[0]) }, 2));
  assert.equal(end?.type, "secured");
  assert.equal(end?.type === "secured" && hex(end.key), hex(sessionKey));
});

test("the first frames in both directions are those of the specification", () => {
  const fromHost = new Sealing(crypto, sessionKey);
  const hash = encodeMessage({ case: "hash", value: { salt: "abcdef", challenge: "uvwxyz" } });
  assert.equal(hex(fromHost.seal(hash)), "ace2cb6994e57288d2251c76779a087640a919a25218020988a9b8b47a67a5823cf5");
  assert.equal(hex(fromHost.seal(Buffer.from("7001", "hex"))), "7c4bcbf83b7deaed95eca6190e1acdf06be1");
  const fromViewer = new Sealing(crypto, sessionKey);
  assert.equal(hex(fromViewer.seal(new Uint8Array(0))), "db129a695d3cfa6c3fa331b6935aa017");
  assert.equal(hex(fromViewer.seal(Buffer.from("7002", "hex"))), "90a1c061477562bba5b804c0185a0e8c6be2");
});

test("a message that is altered, left out, repeated or swapped does not open", () => {
  const key = range(7);
  const frames = [1, 2, 3].map((n) => Uint8Array.of(n, n));
  const sealedFrames = (): Uint8Array[] => {
    const sealing = new Sealing(crypto, key);
    return frames.map((frame) => sealing.seal(frame));
  };
  const failsAt = (messages: Uint8Array[]): number => {
    const opening = new Opening(crypto, key);
    return messages.findIndex((message) => {
      try {
        opening.open(message);
        return false;
      } catch (error) {
        return error instanceof ProtocolError && error.code === "decryption-failed";
      }
    });
  };
  const [a, b, c] = sealedFrames() as [Uint8Array, Uint8Array, Uint8Array];
  assert.equal(failsAt([a, b, c]), -1);
  assert.equal(failsAt([b, c]), 0);
  assert.equal(failsAt([a, a, b]), 1);
  assert.equal(failsAt([a, c, b]), 1);
  for (let bit = 0; bit < a.length * 8; bit++) {
    const flipped = Uint8Array.from(a);
    flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
    assert.equal(failsAt([flipped]), 0, `bit ${bit}`);
  }
});

test("a viewer refuses a host that signs with another key, and sends it nothing", () => {
  const [signedId] = sent(host().handle({ type: "start" }, 0));
  const other = crypto.signKeyPair(range(0xa0)).publicKey;
  const effects = viewer(other).handle({ type: "received", message: wire(signedId) }, 0);
  assert.deepEqual(effects, [{ type: "finish", outcome: { type: "refused", why: "bad-identity" } }]);
});

test("a viewer refuses a host that proves another ID than the one called", () => {
  const [signedId] = sent(host().handle({ type: "start" }, 0));
  const effects = viewer(undefined, "987654321").handle({ type: "received", message: wire(signedId) }, 0);
  assert.deepEqual(effects, [{ type: "finish", outcome: { type: "refused", why: "bad-identity" } }]);
});

test("a viewer refuses every flipped bit of the host's proof", () => {
  const [signedId] = sent(host().handle({ type: "start" }, 0));
  const id = (signedId as { value: { id: Uint8Array } }).value.id;
  for (let bit = 0; bit < id.length * 8; bit += 3) {
    const flipped = Uint8Array.from(id);
    flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
    const message = wire({ case: "signedId", value: { id: flipped } });
    assert.equal(outcome(viewer().handle({ type: "received", message }, 0))?.type, "refused", `bit ${bit}`);
  }
});

test("a viewer does not go on when a host's box key has a wrong length", () => {
  const id = signIdentity(crypto, { id: ID, key: new Uint8Array(31) }, hostIdentity.secretKey);
  const message = wire({ case: "signedId", value: { id } });
  assert.equal(outcome(viewer().handle({ type: "received", message }, 0))?.type, "refused");
});

test("a viewer treats any other first message as a violation", () => {
  const hash = wire({ case: "hash", value: { salt: "s", challenge: "c" } });
  assert.throws(() => viewer().handle({ type: "received", message: hash }, 0), { code: "unexpected-message" });
});

test("a host recognises both plaintext signals and leaves them to policy", () => {
  const empty = decodeMessage(new Uint8Array(0));
  assert.deepEqual(outcome(host().handle({ type: "received", message: empty }, 0)), {
    type: "plaintext",
    why: "declined",
  });
  const mismatch = decodeMessage(Buffer.from("2200", "hex"));
  assert.deepEqual(outcome(host().handle({ type: "received", message: mismatch }, 0)), {
    type: "plaintext",
    why: "key-mismatch",
  });
});

test("a host ends on a session key that does not open or a key of a wrong length", () => {
  const garbage = wire({
    case: "publicKey",
    value: { asymmetricValue: viewerBox.publicKey, symmetricValue: new Uint8Array(48) },
  });
  assert.throws(() => host().handle({ type: "received", message: garbage }, 0), { code: "decryption-failed" });
  const short = wire({
    case: "publicKey",
    value: { asymmetricValue: new Uint8Array(31), symmetricValue: new Uint8Array(48) },
  });
  assert.throws(() => host().handle({ type: "received", message: short }, 0), { code: "malformed" });
});

test("both ends give up after 18 s", () => {
  for (const machine of [host(), viewer()]) {
    machine.handle({ type: "start" }, 1000);
    assert.equal(machine.deadline, 1000 + HANDSHAKE_TIMEOUT);
    assert.throws(() => machine.handle({ type: "timeout" }, 1000 + HANDSHAKE_TIMEOUT), { code: "timeout" });
  }
});
