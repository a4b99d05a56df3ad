import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { create, toBinary } from "@bufbuild/protobuf";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import fc from "fast-check";
import { decode } from "./codec.ts";
import { WireError } from "./errors.ts";
import { LoginRequestSchema, MessageSchema } from "./gen/message_pb.js";
import { PunchHoleRequestSchema, RendezvousMessageSchema } from "./gen/rendezvous_pb.js";
import { decodeIdPk, decodeMessage, encodeIdPk, encodeMessage } from "./message.ts";
import { decodeServerMessage, encodeServerMessage } from "./rendezvous.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "hex"));

test("the server messages of the specification are written byte for byte", () => {
  const page = readFileSync(new URL("../../../docs/protocol/wire.md", import.meta.url), "utf8");
  const given = (name: string): string =>
    new RegExp(`^\\| ${name.replace(/[{}[\]]/g, "\\$&")}[^|]*\\| \`([0-9a-f]+)\``, "m").exec(page)?.[1] ?? `no ${name}`;
  const written: [string, Parameters<typeof encodeServerMessage>[0]][] = [
    ["RegisterPeer{", { case: "registerPeer", value: { id: "123456789", serial: 3 } }],
    ["RegisterPeerResponse{request_pk:false}", { case: "registerPeerResponse", value: { requestPk: false } }],
    ["RegisterPeerResponse{request_pk:true}", { case: "registerPeerResponse", value: { requestPk: true } }],
    ["RegisterPkResponse{result:OK}", { case: "registerPkResponse", value: { result: 0 } }],
    ["RegisterPkResponse{result:UUID_MISMATCH}", { case: "registerPkResponse", value: { result: 2 } }],
    ["TestNatRequest{}", { case: "testNatRequest", value: {} }],
    ["TestNatRequest{serial:3}", { case: "testNatRequest", value: { serial: 3 } }],
    ["TestNatResponse{port:50000}", { case: "testNatResponse", value: { port: 50000 } }],
    ["OnlineRequest{", { case: "onlineRequest", value: { id: "1111111111", peers: ["222222222", "333333333"] } }],
    ["OnlineResponse{", { case: "onlineResponse", value: { states: bytes("40") } }],
    ["PeerDiscovery{", { case: "peerDiscovery", value: { cmd: "ping" } }],
  ];
  for (const [name, message] of written) {
    assert.equal(hex(encodeServerMessage(message)), given(name), name);
    const again = decodeServerMessage(bytes(given(name)));
    assert.equal(again.case, message.case);
    assert.equal(hex(encodeServerMessage(again as typeof message)), given(name));
  }
});

test("an empty frame is a message with nothing in it", () => {
  assert.equal(decodeMessage(new Uint8Array(0)).case, undefined);
  assert.equal(decodeServerMessage(new Uint8Array(0)).case, undefined);
});

test("a member of a oneof is written even when it is nothing but its default", () => {
  assert.equal(hex(encodeMessage({ case: "cursorId", value: 0n })), "7000");
  assert.deepEqual(decodeMessage(bytes("7000")), { case: "cursorId", value: 0n });
});

test("unknown fields are kept and passed on, at the top and inside", () => {
  const extra = new BinaryWriter()
    .tag(1000, WireType.LengthDelimited)
    .bytes(bytes("cafe"))
    .tag(1001, WireType.Varint)
    .uint64(7n)
    .finish();
  const request = toBinary(PunchHoleRequestSchema, create(PunchHoleRequestSchema, { id: "123456789" }));
  const inner = new Uint8Array([...request, ...extra]);
  const frame = new BinaryWriter().tag(8, WireType.LengthDelimited).bytes(inner).finish();
  const whole = new Uint8Array([...frame, ...extra]);
  const message = decode(RendezvousMessageSchema, whole);
  assert.equal(message.union.case, "punchHoleRequest");
  assert.equal(hex(toBinary(RendezvousMessageSchema, message)), hex(whole));
  const passedOn = decodeServerMessage(whole);
  assert.ok(passedOn.case === "punchHoleRequest");
  assert.ok(hex(encodeServerMessage(passedOn)).includes(hex(extra)));
});

test("a message of a later schema is no error, and no message either", () => {
  const later = new BinaryWriter().tag(900, WireType.LengthDelimited).bytes(bytes("0102")).finish();
  assert.equal(decodeMessage(later).case, undefined);
});

test("numbers beyond 2^53 survive", () => {
  const value = { version: "1.4.9", sessionId: 0xfedcba9876543210n };
  const message = decodeMessage(encodeMessage({ case: "loginRequest", value }));
  assert.ok(message.case === "loginRequest" && message.value.sessionId === value.sessionId);
});

const SEEDS: readonly Uint8Array[] = [
  encodeMessage({
    case: "loginRequest",
    value: { username: "123456789", password: bytes("00".repeat(32)), myId: "1", option: { customFps: 30 } },
  }),
  encodeMessage({
    case: "keyEvent",
    value: { down: true, union: { case: "seq", value: "Zażółć" }, modifiers: [1, 2, 3] },
  }),
  encodeMessage({
    case: "videoFrame",
    value: {
      union: { case: "vp9s", value: { frames: [{ data: bytes("01020304"), key: true, pts: 1n }] } },
      display: 1,
    },
  }),
  encodeMessage({
    case: "peerInfo",
    value: { displays: [{ width: 1920, height: 1080, name: "a" }], version: "1.4.9" },
  }),
  encodeServerMessage({
    case: "punchHoleRequest",
    value: { id: "123456789", natType: 1, licenceKey: "k", token: "t" },
  }),
  encodeServerMessage({
    case: "registerPk",
    value: { id: "123456789", uuid: bytes("01"), pk: bytes("02".repeat(32)) },
  }),
  encodeIdPk({ id: "123456789", pk: bytes("03".repeat(32)) }),
];

/** Valid messages with bytes changed, cut off, put in, and lengths blown up. */
const damaged: fc.Arbitrary<Uint8Array> = fc
  .tuple(
    fc.constantFrom(...SEEDS),
    fc.array(
      fc.record({
        how: fc.constantFrom("flip", "cut", "insert", "huge", "group"),
        at: fc.nat(200),
        value: fc.integer({ min: 0, max: 255 }),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  )
  .map(([seed, changes]) =>
    changes.reduce<number[]>((out, { how, at, value }) => {
      const i = out.length === 0 ? 0 : at % out.length;
      if (how === "flip") out[i] = (out[i] ?? 0) ^ (value || 1);
      if (how === "cut") out.length = i;
      if (how === "insert") out.splice(i, 0, value);
      if (how === "huge") out.splice(i, 1, 0xff, 0xff, 0xff, 0xff, 0x0f);
      if (how === "group") out.splice(i, 0, ...Array<number>(value + 1).fill(0x0b));
      return out;
    }, Array.from(seed)),
  )
  .map((out) => Uint8Array.from(out));

test("whatever is damaged in a message, decoders throw nothing but their own error", () => {
  let refused = 0;
  for (const decoder of [decodeMessage, decodeServerMessage, decodeIdPk]) {
    fc.assert(
      fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 200 })), (input) => {
        try {
          decoder(input);
        } catch (error) {
          refused += 1;
          assert.ok(error instanceof WireError && error.code === "malformed", String(error));
        }
      }),
      { numRuns: 5000 },
    );
  }
  assert.ok(refused > 1000, "most of them are refused");
});

test("nesting without end is refused and does not exhaust the stack", () => {
  for (const opening of [0x0b, 0x7b]) {
    const deep = new Uint8Array(4_000_000).fill(opening);
    assert.throws(() => decodeMessage(deep), WireError);
  }
});

test("a length that the input does not have allocates nothing", () => {
  const claimed = bytes(`3a${"ffffffff07"}0a02`);
  const before = process.memoryUsage().arrayBuffers;
  assert.throws(() => decodeMessage(claimed), WireError);
  assert.throws(() => decode(LoginRequestSchema, bytes("12ffffffff07")), WireError);
  assert.throws(() => decode(MessageSchema, bytes("32ffffffff0712ffffffff0700")), WireError);
  assert.ok(process.memoryUsage().arrayBuffers - before < 1_000_000);
});
