import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeCrypto } from "@pulpit/crypto-node";
import { decodeMessage, encodeIdPk, encodeMessage, type PeerMessage, type PeerMessageInit } from "@pulpit/wire";
import fc from "fast-check";
import { signIdentity } from "../crypto/identity.ts";
import { Extension } from "../extensions.ts";
import { HostGreeting } from "./direct-host.ts";
import { openDirectIdentity, signDirectIdentity } from "./direct-identity.ts";
import { ViewerGreeting, type ViewerGreetingOutcome } from "./direct-viewer.ts";
import { HostHandshake } from "./host.ts";
import { ViewerHandshake } from "./viewer.ts";

const crypto = nodeCrypto();
const range = (from: number, length = 32): Uint8Array => Uint8Array.from({ length }, (_, i) => from + i);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

// docs/protocol/handshake.md, section 7.1.
const identity = crypto.signKeyPair(range(0x20));
const hostBox = crypto.boxKeyPair(range(0x40));
const viewerBox = crypto.boxKeyPair(range(0x60));
const sessionKey = range(0x80);
const ID = "123456789";

const wire = (message: PeerMessageInit): PeerMessage => decodeMessage(encodeMessage(message));
const received = (message: PeerMessageInit): { type: "received"; message: PeerMessage } => ({
  type: "received",
  message: wire(message),
});

/** What the viewer makes of the host's first message. */
function met(message: PeerMessageInit): ViewerGreetingOutcome {
  const viewer = new ViewerGreeting(crypto);
  viewer.handle({ type: "start" }, 0);
  const [effect] = viewer.handle(received(message), 1);
  if (effect?.type !== "finish") assert.fail("the greeting goes on");
  return effect.outcome;
}

test("two peers of ours find each other and agree on a key, with the bytes that are written down", () => {
  const [greeting] = new ViewerGreeting(crypto).handle({ type: "start" }, 0);
  if (greeting?.type !== "send") assert.fail("no greeting");
  // docs/protocol/extensions.md, "2: direct-encrypted".
  assert.equal(hex(encodeMessage(greeting.message)), "2204c23e0102");
  const door = new HostGreeting();
  assert.deepEqual(door.handle({ type: "start" }, 0), []);
  assert.deepEqual(door.handle(received(greeting.message), 1), [{ type: "finish", outcome: { type: "encrypted" } }]);

  const host = new HostHandshake({ crypto, id: ID, identity, box: hostBox, direct: true });
  const [proof] = host.handle({ type: "start" }, 0);
  if (proof?.type !== "send") assert.fail("no proof");
  assert.equal(
    hex(encodeMessage(proof.message)),
    "1a97010a9401a8d5391f3b31f7c286d49b35485ad4210f6f099336b1c0069bbd11bd69b130effc0d1fbf5dc36f92cd709ae62f55ff5675b1ccc11532ded83945fe33fbda100b0a09313233343536373839122079a631eede1bf9c98f12032cdeadd0e7a079398fc786b88cc846ec89af85a51ac23e0102d23e2029acbae141bccaf0b22e1a94d34d0bc7361e526d0bfe12c89794bc9322966dd7",
  );
  const outcome = met(proof.message);
  if (outcome.type !== "identified") assert.fail(outcome.type);
  assert.deepEqual(outcome.identity, { id: ID, hostKey: identity.publicKey });

  const facts = { crypto, hostId: ID, hostKey: outcome.identity.hostKey, box: viewerBox, sessionKey };
  const [answer] = new ViewerHandshake(facts).handle(received(proof.message), 2);
  if (answer?.type !== "send") assert.fail("no answer");
  const [end] = host.handle(received(answer.message), 3);
  assert.deepEqual(end, { type: "finish", outcome: { type: "secured", key: sessionKey } });
});

test("a host that hears nothing takes the caller for a stock viewer, and what is no greeting for a mistake", () => {
  const door = new HostGreeting();
  door.handle({ type: "start" }, 1000);
  assert.equal(door.deadline, 3000);
  assert.deepEqual(door.handle({ type: "timeout" }, 3000), [{ type: "finish", outcome: { type: "plaintext" } }]);
  const wrong: PeerMessageInit[] = [
    { case: "publicKey", value: {} },
    { case: "publicKey", value: { extensions: [1, 7] } },
    { case: "loginRequest", value: { username: ID } },
  ];
  for (const message of wrong) {
    assert.throws(() => new HostGreeting().handle(received(message), 0), { code: "unexpected-message" });
  }
});

test("a viewer tells a stock host, a refusal and silence apart", () => {
  const hash = { case: "hash", value: { salt: "a", challenge: "b" } } as const;
  assert.deepEqual(met(hash), { type: "plaintext" });
  const refusal = { case: "loginResponse", value: { union: { case: "error", value: "No" } } } as const;
  assert.deepEqual(met(refusal), { type: "refused", text: "No" });
  assert.throws(() => met({ case: "testDelay", value: {} }), { code: "unexpected-message" });
  const viewer = new ViewerGreeting(crypto);
  viewer.handle({ type: "start" }, 5);
  assert.equal(viewer.deadline, 18_005);
  assert.throws(() => viewer.handle({ type: "timeout" }, 18_005), { code: "timeout" });
});

test("an identity counts only with the signature of the key inside it", () => {
  const pk = hostBox.publicKey;
  const good = signDirectIdentity(crypto, ID, pk, identity);
  assert.ok(openDirectIdentity(crypto, good) !== undefined);
  const other = crypto.signKeyPair(range(1));
  const extensions = [Extension.directEncrypted];
  const directKey = identity.publicKey;
  const wrong: Uint8Array[] = [
    // Of the same host, but for connections through a server: it names no key.
    signIdentity(crypto, { id: ID, key: pk }, identity.secretKey),
    crypto.sign(encodeIdPk({ id: ID, pk, extensions, directKey }), other.secretKey),
    crypto.sign(encodeIdPk({ id: ID, pk, directKey }), identity.secretKey),
    crypto.sign(encodeIdPk({ id: ID, pk, extensions, directKey: range(0, 31) }), identity.secretKey),
    crypto.sign(encodeIdPk({ id: "x\u0000 y", pk, extensions, directKey }), identity.secretKey),
    crypto.sign(encodeIdPk({ id: "123 456 789", pk, extensions, directKey }), identity.secretKey),
    crypto.sign(encodeIdPk({ id: "1".repeat(2000), pk, extensions, directKey }), identity.secretKey),
    new Uint8Array(0),
  ];
  for (const signed of wrong) assert.equal(openDirectIdentity(crypto, signed), undefined);
  for (let i = 0; i < good.length; i++) {
    const bent = Uint8Array.from(good);
    bent[i] = (bent[i] as number) ^ 1;
    assert.equal(openDirectIdentity(crypto, bent), undefined, `byte ${i}`);
  }
});

test("no bytes make the viewer's reading of an identity throw", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      assert.equal(openDirectIdentity(crypto, bytes), undefined);
    }),
  );
  // What is signed by itself and says nonsense.
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      openDirectIdentity(crypto, crypto.sign(bytes, identity.secretKey));
    }),
  );
});
