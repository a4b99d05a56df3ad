import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decodeMappedAddress, encodeMappedAddress } from "./mapped-address.ts";
import { BINDING_REQUEST, decodeStun, encodeStun, fingerprintOf, XOR_MAPPED_ADDRESS } from "./message.ts";
import { answerStun as answered, isStunRequest, type StunAnswer } from "./server.ts";

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.replace(/\s/g, ""), "hex"));
const hex = (data: Uint8Array | undefined): string => Buffer.from(data ?? []).toString("hex");

/** The bytes of what a server of one port answers. */
const answerStun = (datagram: Uint8Array, from: { host: string; port: number }): Uint8Array | undefined =>
  answered(datagram, from, "one")?.bytes;

// RFC 5769, section 2.
const HEADER = "2112a442 b7e7a701bc34d686fa87dfae";
const REQUEST = bytes(`0001 0058 ${HEADER} 80220010 5354554e207465737420636c69656e74 00240004 6e0001ff
  80290008 932ff9b151263b36 00060009 6576746a3a68367659202020
  00080014 9aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2 80280004 e57a3bcf`);
const RESPONSE_4 = bytes(`0101 003c ${HEADER} 8022000b 7465737420766563746f7220 00200008 0001a147e112a643
  00080014 2b91f599fd9e90c38c7489f92af9ba53f06be7d7 80280004 c07d4c96`);
const RESPONSE_6 = bytes(`0101 0048 ${HEADER} 8022000b 7465737420766563746f7220
  00200014 0002a1470113a9faa5d3f179bc25f4b5bed2b9d9
  00080014 a382954e4be67bf11784c97c8292c275bfe3ed41 80280004 c8fb0b4c`);
const V4 = { host: "192.0.2.1", port: 32853 };
const V6 = { host: "2001:db8:1234:5678:11:2233:4455:6677", port: 32853 };
const TRANSACTION = bytes("b7e7a701bc34d686fa87dfae");

const request = (...attributes: { type: number; value: Uint8Array }[]): Uint8Array =>
  encodeStun({ type: BINDING_REQUEST, transaction: TRANSACTION, attributes }, false);

test("the addresses and checks of RFC 5769 are read and written as they stand there", () => {
  for (const [response, address] of [
    [RESPONSE_4, V4],
    [RESPONSE_6, V6],
  ] as const) {
    const message = decodeStun(response);
    const value = message?.attributes.find(({ type }) => type === XOR_MAPPED_ADDRESS)?.value as Uint8Array;
    assert.deepEqual(decodeMappedAddress(value, TRANSACTION), address);
    assert.equal(hex(encodeMappedAddress(address, TRANSACTION)), hex(value));
    const crc = Buffer.from(response).readUInt32BE(response.length - 4);
    assert.equal(fingerprintOf(response.subarray(0, -8)), crc);
  }
});

test("the request of RFC 5769 gets its address, checked as it was itself, and no longer answer", () => {
  assert.ok(isStunRequest(REQUEST));
  const answer = answerStun(REQUEST, V4) as Uint8Array;
  assert.ok(answer.length < REQUEST.length);
  const message = decodeStun(answer);
  assert.equal(message?.type, 0x0101);
  assert.equal(hex(message?.transaction), hex(TRANSACTION));
  assert.deepEqual(decodeMappedAddress(message?.attributes[0]?.value as Uint8Array, TRANSACTION), V4);
  assert.equal(fingerprintOf(answer.subarray(0, -8)), Buffer.from(answer).readUInt32BE(answer.length - 4));
  for (let bit = 0; bit < REQUEST.length * 8; bit += 5) {
    const flipped = Uint8Array.from(REQUEST);
    flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
    const told = answerStun(flipped, V4);
    // What makes the check itself unrecognisable leaves a request without one.
    if (told !== undefined) assert.notEqual(decodeStun(flipped)?.attributes.at(-1)?.type, 0x8028, `bit ${bit}`);
  }
});

test("a plain request gets exactly these bytes", () => {
  assert.equal(hex(answerStun(request(), V4)), hex(bytes(`0101 000c ${HEADER} 00200008 0001a147e112a643`)));
  assert.equal(hex(answerStun(request(), { host: "::ffff:192.0.2.1", port: 32853 })), hex(answerStun(request(), V4)));
  assert.equal(answerStun(request(), V6)?.length, 44);
  assert.equal(hex(answerStun(request(), { host: "fe80::1%eth0", port: 1 })).length, 88);
});

test("an attribute that has to be understood and is not gets 420 with its number; others do not matter", () => {
  const unknown = { type: 0x0003, value: bytes("00000002") };
  const answer = answerStun(request(unknown, unknown, { type: 0x7fff, value: bytes("") }), V4);
  assert.equal(hex(answer), hex(bytes(`0111 0010 ${HEADER} 00090004 00000414 000a0004 00037fff`)));
  assert.equal(decodeStun(answerStun(request({ type: 0x8fff, value: bytes("01") }), V4) as Uint8Array)?.type, 0x0101);
});

/** CHANGE-REQUEST of RFC 5780, section 7.2. */
const change = (flags: number): { type: number; value: Uint8Array } => ({
  type: 0x0003,
  value: Uint8Array.of(0, 0, 0, flags),
});

test("with two ports, who asks for the other one is answered from there, with the same bytes", () => {
  const plain = answerStun(request(), V4);
  const asked = (...attributes: Parameters<typeof request>): StunAnswer | undefined =>
    answered(request(...attributes), V4, "two");
  assert.deepEqual(asked(), { bytes: plain, through: "asked-port" });
  assert.deepEqual(asked(change(0)), { bytes: plain, through: "asked-port" });
  assert.deepEqual(asked(change(2)), { bytes: plain, through: "other-port" });
  // The first of a kind counts.
  assert.deepEqual(asked(change(2), change(4)), { bytes: plain, through: "other-port" });
});

test("another address, or another port where there is one, is refused from the port that was asked, as RFC 5780 wants", () => {
  const refusal = bytes(`0111 0010 ${HEADER} 00090004 00000414 000a0002 00030000`);
  const odd = { type: 0x0003, value: bytes("000002") };
  for (const [ports, attribute] of [
    ["one", change(0)],
    ["one", change(2)],
    ["one", change(6)],
    ["two", change(4)],
    ["two", change(6)],
    ["two", odd],
  ] as const) {
    const { bytes: said, through } = answered(request(attribute), V4, ports) ?? assert.fail("silence");
    assert.deepEqual([hex(said), through], [hex(refusal), "asked-port"]);
  }
  const strange = answered(request(change(2), { type: 0x7fff, value: bytes("") }), V4, "two");
  assert.equal(hex(strange?.bytes), hex(bytes(`0111 0010 ${HEADER} 00090004 00000414 000a0002 7fff0000`)));
  assert.equal(strange?.through, "asked-port");
});

test("what is no request gets silence: answers, other methods, wrong lengths, another cookie, too much of anything", () => {
  const silent = [
    new Uint8Array(0),
    new Uint8Array(20),
    RESPONSE_4,
    bytes(`0011 0000 ${HEADER}`),
    bytes(`0003 0000 ${HEADER}`),
    bytes(`0001 0004 ${HEADER}`),
    bytes(`0001 0000 ${HEADER} 00000000`),
    bytes(`0001 0001 ${HEADER} 00`),
    bytes(`0001 0004 ${HEADER} 80220001`),
    bytes("0001 0000 2112a443 b7e7a701bc34d686fa87dfae"),
    request({ type: 0x8022, value: new Uint8Array(600) }),
    request(...Array.from({ length: 33 }, () => ({ type: 0x8022, value: new Uint8Array(0) }))),
  ];
  for (const datagram of silent) assert.equal(answerStun(datagram, V4), undefined, hex(datagram));
  assert.equal(answerStun(request(), { host: "nonsense", port: 1 }), undefined);
  assert.equal(isStunRequest(bytes("4a6f0a0801020304050607081214726400000000")), false);
});

test("nothing makes it throw, and no answer is more than 24 bytes longer than what asked for it", () => {
  const attribute = fc.oneof(
    fc.record({ type: fc.integer({ min: 0, max: 0xffff }), value: fc.uint8Array({ maxLength: 40 }) }),
    fc.record({ type: fc.constant(0x0003), value: fc.uint8Array({ maxLength: 6 }) }),
    fc.integer({ min: 0, max: 7 }).map(change),
  );
  const datagrams = fc.oneof(
    fc.uint8Array({ maxLength: 600 }),
    fc.array(attribute, { maxLength: 20 }).map((attributes) => request(...attributes)),
    fc
      .uint8Array({ maxLength: 80 })
      .map((tail) => bytes(`0001 00${hex(Uint8Array.of(tail.length))} ${HEADER} ${hex(tail)}`)),
  );
  const seen = { "asked-port": 0, "other-port": 0 };
  fc.assert(
    fc.property(datagrams, fc.constantFrom(V4, V6), fc.constantFrom("one", "two"), (datagram, from, ports) => {
      const answer = answered(datagram, from, ports);
      if (answer === undefined) return;
      seen[answer.through] += 1;
      assert.ok(answer.bytes.length <= datagram.length + 24);
      assert.ok(isStunRequest(datagram));
      if (ports === "one") assert.equal(answer.through, "asked-port");
    }),
    { numRuns: 1000 },
  );
  assert.ok(seen["asked-port"] > 0 && seen["other-port"] > 0);
});
