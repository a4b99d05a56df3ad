import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeServerMessage, encodeServerMessage, encodeSocketAddress, type IceCandidate } from "@pulpit/wire";
import { type Candidate, encodeCandidate } from "./candidate.ts";
import { encodeEndpoint } from "./endpoint.ts";
import { HostSignalling, type HostSignallingEffect, type HostSignallingInput } from "./host.ts";
import { ViewerSignalling, type ViewerSignallingEffect } from "./viewer.ts";

const certificate = (n: number): string =>
  `sha-256 ${Array.from({ length: 32 }, () => n.toString(16).padStart(2, "0").toUpperCase()).join(":")}`;
const sdp = (n: number): string =>
  `v=0\r\na=fingerprint:${certificate(n)}\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:0\r\n`;
const offer = (n: number, declaresAll = true): string => encodeEndpoint({ type: "offer", sdp: sdp(n), declaresAll });
const answer = (n: number): string => encodeEndpoint({ type: "answer", sdp: sdp(n), declaresAll: true });
const KEY = certificate(1);

const candidate = (n: number): Candidate => ({
  candidate: `candidate:1 1 udp 5 192.0.2.${n} 4000 typ host`,
  sdpMid: "0",
  sdpMLineIndex: 0,
  usernameFragment: null,
});
const message = (n: number | string, sessionKey = KEY): IceCandidate => {
  const text = typeof n === "string" ? n : encodeCandidate(candidate(n));
  const read = decodeServerMessage(
    encodeServerMessage({ case: "iceCandidate", value: { sessionKey, candidate: text } }),
  );
  assert.ok(read.case === "iceCandidate");
  return read.value;
};
const kinds = (effects: readonly { type: string }[]): string[] => effects.map(({ type }) => type);

const viewer = (): ViewerSignalling => new ViewerSignalling({ hostId: "123456789", offer: offer(1), loopback: false });
const addresses = (effects: readonly (ViewerSignallingEffect | HostSignallingEffect)[]): string[] =>
  effects.flatMap((effect) => (effect.type === "add" ? [effect.candidate.candidate.split(" ")[4] as string] : []));
const received = (n: number | string, key = KEY): { type: "received"; message: IceCandidate } => ({
  type: "received",
  message: message(n, key),
});

test("viewer: candidates of both ends wait for the answer, which is applied first", () => {
  const machine = viewer();
  assert.deepEqual(machine.handle({ type: "gathered", candidate: candidate(1) }, 0), []);
  assert.deepEqual(machine.handle(received(2), 0), []);
  const effects = machine.handle({ type: "answered", answer: answer(9) }, 10);
  assert.deepEqual(kinds(effects), ["accept", "add", "send"]);
  assert.deepEqual(effects[0], { type: "accept", answer: { type: "answer", sdp: sdp(9), declaresAll: true } });
  assert.deepEqual(effects[2], {
    type: "send",
    message: {
      case: "iceCandidate",
      value: {
        id: "123456789",
        socketAddr: new Uint8Array(0),
        sessionKey: KEY,
        candidate: encodeCandidate(candidate(1)),
      },
    },
  });
  assert.deepEqual(kinds(machine.handle({ type: "gathered", candidate: candidate(3) }, 20)), ["send"]);
  assert.deepEqual(addresses(machine.handle(received(4), 20)), ["192.0.2.4"]);
  assert.deepEqual(machine.handle({ type: "answered", answer: answer(9) }, 30), []);
});

test("viewer: each candidate leaves twice, the second time after 400 ms, and the same one is not a new one", () => {
  const machine = viewer();
  machine.handle({ type: "answered", answer: answer(9) }, 0);
  assert.equal(machine.deadline, undefined);
  const [first] = machine.handle({ type: "gathered", candidate: candidate(1) }, 0);
  machine.handle({ type: "gathered", candidate: candidate(2) }, 100);
  assert.deepEqual(machine.handle({ type: "gathered", candidate: candidate(1) }, 100), []);
  assert.equal(machine.deadline, 400);
  assert.deepEqual(machine.handle({ type: "timeout" }, 400), [first]);
  assert.equal(machine.deadline, 500);
  assert.deepEqual(kinds(machine.handle({ type: "timeout" }, 500)), ["send"]);
  assert.equal(machine.deadline, undefined);
});

test("viewer: only candidates with its own key, each once, that lead to one machine, and at most 64", () => {
  const machine = viewer();
  machine.handle({ type: "answered", answer: answer(9) }, 0);
  for (const refused of [
    received(2, certificate(2)),
    received(2, ""),
    received(""),
    received("{}"),
    received(encodeCandidate({ ...candidate(1), candidate: "candidate:1 1 udp 5 224.0.0.1 4000 typ host" })),
    received(encodeCandidate({ ...candidate(1), candidate: "candidate:1 1 udp 5 name.local 4000 typ host" })),
  ]) {
    assert.deepEqual(machine.handle(refused, 0), []);
  }
  for (let n = 1; n <= 64; n++) assert.equal(addresses(machine.handle(received(n), 0)).length, 1);
  assert.deepEqual(machine.handle(received(1), 0), []);
  assert.deepEqual(machine.handle(received(65), 0), []);
});

test("viewer: of more than 64 candidates before the answer the newest are kept", () => {
  const machine = viewer();
  for (let n = 1; n <= 100; n++) machine.handle(received(n), 0);
  const added = addresses(machine.handle({ type: "answered", answer: answer(9) }, 0));
  assert.equal(added.length, 64);
  assert.equal(added[0], "192.0.2.37");
});

test("viewer: an empty answer, a broken one, an offer, and one with two certificates drop WebRTC and nothing else", () => {
  const two = sdp(9).replace("a=mid:0", `a=fingerprint:${certificate(8)}`);
  for (const [text, why] of [
    ["", "declined"],
    ["webrtc://!", "unusable"],
    [offer(9), "unusable"],
    [encodeEndpoint({ type: "answer", sdp: "v=0", declaresAll: true }), "unusable"],
    [encodeEndpoint({ type: "answer", sdp: two, declaresAll: true }), "unusable"],
  ] as const) {
    const machine = viewer();
    machine.handle({ type: "gathered", candidate: candidate(1) }, 0);
    assert.deepEqual(machine.handle({ type: "answered", answer: text }, 0), [
      { type: "finish", outcome: { type: "dropped", why } },
    ]);
    assert.deepEqual(machine.handle(received(2), 0), []);
    assert.equal(machine.deadline, undefined);
  }
});

test("viewer: once the race is decided nothing is sent again", () => {
  const machine = viewer();
  machine.handle({ type: "answered", answer: answer(9) }, 0);
  machine.handle({ type: "gathered", candidate: candidate(1) }, 0);
  assert.deepEqual(kinds(machine.handle({ type: "decided" }, 1)), ["finish"]);
  assert.equal(machine.deadline, undefined);
  assert.deepEqual(machine.handle({ type: "gathered", candidate: candidate(2) }, 2), []);
});

const host = (rule: "all" | "relay" | "off" = "all", turn = false): HostSignalling =>
  new HostSignalling({ situation: () => ({ proxy: false, turn, rule }), loopback: false });
/** `salt`: what makes each socket_addr of one address different. */
const invited = (call: number, text: string, from = "203.0.113.5", port = 7000, salt = call): HostSignallingInput => ({
  type: "invited",
  call,
  offer: text,
  socketAddr: encodeSocketAddress({ host: from, port }, salt),
  forceRelay: true,
});
const declined = (call: number): object[] => [{ type: "answer", call, answer: "" }];

test("host: an offer is answered once its connection is made, and the candidates leave with the offer's key", () => {
  const machine = host();
  const built = machine.handle(invited(1, offer(1)), 0);
  assert.deepEqual(built, [
    { type: "build", answerer: 1, offer: { type: "offer", sdp: sdp(1), declaresAll: true }, policy: "all" },
  ]);
  const told = machine.handle({ type: "gathered", answerer: 1, candidate: candidate(7) }, 1);
  assert.deepEqual(told, [
    {
      type: "send",
      answerer: 1,
      message: {
        case: "iceCandidate",
        value: {
          id: "",
          socketAddr: encodeSocketAddress({ host: "203.0.113.5", port: 7000 }, 1),
          sessionKey: KEY,
          candidate: encodeCandidate(candidate(7)),
        },
      },
    },
  ]);
  assert.deepEqual(machine.handle({ type: "gathered", answerer: 1, candidate: candidate(7) }, 1), []);
  assert.deepEqual(machine.handle({ type: "described", answerer: 1, answer: answer(9) }, 2), [
    { type: "answer", call: 1, answer: answer(9) },
  ]);
  assert.deepEqual(addresses(machine.handle(received(3), 3)), ["192.0.2.3"]);
  assert.deepEqual(machine.handle(received(3, certificate(2)), 3), []);
});

test("host: the same offer again, however often, gets the same answer and no second connection", () => {
  const machine = host();
  machine.handle(invited(1, offer(1)), 0);
  assert.deepEqual(machine.handle(invited(2, offer(1)), 3000), []);
  const answers = machine.handle({ type: "described", answerer: 1, answer: answer(9) }, 3001);
  assert.deepEqual(answers, [
    { type: "answer", call: 1, answer: answer(9) },
    { type: "answer", call: 2, answer: answer(9) },
  ]);
  assert.deepEqual(machine.handle(invited(3, offer(1)), 6000), [{ type: "answer", call: 3, answer: answer(9) }]);
  machine.handle({ type: "opened", answerer: 1 }, 6001);
  assert.deepEqual(machine.handle(invited(4, offer(1)), 6002), [{ type: "answer", call: 4, answer: answer(9) }]);
  machine.handle({ type: "closed", answerer: 1 }, 7000);
  assert.deepEqual(kinds(machine.handle(invited(5, offer(1)), 7001)), ["build"]);
});

test("host: whoever repeats somebody else's offer from another address is declined", () => {
  const machine = host();
  machine.handle(invited(1, offer(1)), 0);
  assert.deepEqual(machine.handle(invited(2, offer(1), "198.51.100.1"), 1), declined(2));
  assert.deepEqual(machine.handle(invited(3, offer(1), "203.0.113.5", 7001), 1), declined(3));
});

test("host: the same offer with another policy replaces a connection that is being made, never a session", () => {
  const machine = host("all", true);
  machine.handle(invited(1, offer(1)), 0);
  const replaced = machine.handle(invited(2, offer(1, false)), 1);
  assert.deepEqual(kinds(replaced), ["close", "answer", "build"]);
  assert.ok(replaced[2]?.type === "build" && replaced[2].policy === "relay");
  machine.handle({ type: "described", answerer: 2, answer: answer(9) }, 2);
  machine.handle({ type: "opened", answerer: 2 }, 3);
  assert.deepEqual(machine.handle(invited(3, offer(1)), 4), declined(3));
});

test("host: offers that are none, and those its rule forbids, are declined and cost nothing", () => {
  const machine = host();
  const audio = sdp(1).replace("m=application", "m=audio");
  for (const text of [
    "",
    "webrtc://!",
    answer(1),
    encodeEndpoint({ type: "offer", sdp: audio, declaresAll: true }),
    encodeEndpoint({ type: "offer", sdp: sdp(1).replaceAll("\r\n", "\r"), declaresAll: true }),
    offer(1, false),
  ]) {
    assert.deepEqual(machine.handle(invited(1, text), 0), declined(1));
  }
  assert.deepEqual(host("off").handle(invited(1, offer(1)), 0), declined(1));
  assert.deepEqual(host("relay").handle(invited(1, offer(1)), 0), declined(1));
  assert.equal(machine.deadline, undefined);
});

test("host: two connections being made for one address and eight in all are enough; sessions do not count", () => {
  const machine = host();
  const of = (n: number, from: string): readonly HostSignallingEffect[] =>
    machine.handle(invited(n, offer(n), from, 7000 + n), 0);
  assert.deepEqual(kinds(of(1, "203.0.113.1")), ["build"]);
  assert.deepEqual(kinds(of(2, "203.0.113.1")), ["build"]);
  assert.deepEqual(of(3, "203.0.113.1"), declined(3));
  for (let n = 4; n <= 9; n++) assert.deepEqual(kinds(of(n, `203.0.113.${n}`)), ["build"]);
  assert.deepEqual(of(10, "203.0.113.10"), declined(10));
  machine.handle({ type: "opened", answerer: 1 }, 0);
  assert.deepEqual(kinds(of(11, "203.0.113.11")), ["build"]);
});

test("host: what is not open after 18 s is closed, and late news of it is nothing", () => {
  const machine = host();
  machine.handle(invited(1, offer(1)), 100);
  assert.equal(machine.deadline, 18_100);
  assert.deepEqual(machine.handle({ type: "timeout" }, 18_100), [
    { type: "close", answerer: 1 },
    { type: "answer", call: 1, answer: "" },
  ]);
  assert.equal(machine.deadline, undefined);
  for (const late of [
    { type: "described", answerer: 1, answer: answer(9) },
    { type: "gathered", answerer: 1, candidate: candidate(1) },
    { type: "opened", answerer: 1 },
    { type: "closed", answerer: 1 },
  ] as const) {
    assert.deepEqual(machine.handle(late, 18_200), []);
  }
  assert.deepEqual(machine.handle(received(1), 18_200), []);
});

test("host: the route of candidates ends when the channel opens, and a session is not timed out", () => {
  const machine = host();
  machine.handle(invited(1, offer(1)), 0);
  machine.handle({ type: "opened", answerer: 1 }, 1);
  assert.deepEqual(machine.handle(received(1), 2), []);
  assert.deepEqual(machine.handle({ type: "gathered", answerer: 1, candidate: candidate(1) }, 2), []);
  assert.equal(machine.deadline, undefined);
});

test("host: a connection that cannot be made declines the calls that wait for it", () => {
  const machine = host();
  machine.handle(invited(1, offer(1)), 0);
  assert.deepEqual(machine.handle({ type: "closed", answerer: 1 }, 1), declined(1));
});
