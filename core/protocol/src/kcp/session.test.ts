import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { KcpPath } from "../../test/kcp-path.ts";
import { KcpSession } from "./session.ts";
import type { KcpEffect, KcpInput } from "./session-events.ts";

const NAME = "443322110000000000000000";
const OTHER = "010203040000000000000000";
const SYN = "0100";
const SYN_ACK = "0300";
const ACK_DATA = "0a00";
const FIN = "0400";
const RST = "1000";
const PING = "2000";
const PONG = "6000";

/** An end whose datagrams are written down as hexadecimal digits. */
class Recorded {
  readonly session: KcpSession;
  now = 0;

  constructor(role: "caller" | "called", conversations: readonly number[] = [0x11223344, 0x04030201]) {
    this.session = new KcpSession(role, conversations);
    if (role === "called") this.handle({ type: "start" });
  }

  handle(input: KcpInput): readonly string[] {
    return this.session.handle(input, this.now).map(text);
  }

  hears(hex: string): readonly string[] {
    return this.handle({ type: "received", datagram: Buffer.from(hex, "hex") });
  }

  /** Jumps from deadline to deadline until `when`, ms. */
  until(when: number): readonly string[] {
    const seen: string[] = [];
    for (let at = this.session.deadline; at !== undefined && at <= when; at = this.session.deadline) {
      this.now = at;
      seen.push(...this.handle({ type: "timeout" }));
    }
    this.now = when;
    return seen;
  }
}

function text(effect: KcpEffect): string {
  if (effect.type === "send") return Buffer.from(effect.datagram).toString("hex");
  return effect.type === "finish" ? effect.outcome : effect.type;
}

function openedHost(): Recorded {
  const host = new Recorded("called");
  host.hears(NAME + SYN);
  assert.deepEqual(host.hears(NAME + ACK_DATA), ["opened"]);
  return host;
}

test("the caller calls, is answered and confirms, more than once while it hears nothing", () => {
  const viewer = new Recorded("caller");
  assert.deepEqual(viewer.handle({ type: "start" }), [NAME + SYN]);
  assert.deepEqual(viewer.hears(NAME + SYN_ACK), ["opened", NAME + ACK_DATA]);
  assert.deepEqual(viewer.hears(NAME + SYN_ACK), []);
  const confirmed = viewer.until(5_000);
  assert.deepEqual(confirmed, Array(5).fill(NAME + ACK_DATA));
});

test("a call that got lost is repeated by another name, and either may be answered", () => {
  const viewer = new Recorded("caller");
  viewer.handle({ type: "start" });
  assert.deepEqual(viewer.until(300), [OTHER + SYN]);
  assert.deepEqual(viewer.hears(NAME + SYN_ACK), ["opened", NAME + ACK_DATA]);
  assert.deepEqual(viewer.hears(OTHER + SYN_ACK), [OTHER + RST], "the other one is not wanted any more");
});

test("a caller that nobody answers gives up after 18 s", () => {
  const viewer = new Recorded("caller");
  viewer.handle({ type: "start" });
  assert.deepEqual(viewer.until(17_999), [OTHER + SYN]);
  assert.deepEqual(viewer.until(18_000), ["unanswered"]);
  assert.equal(viewer.session.deadline, undefined);
});

test("the host answers each name once, and takes the one that is confirmed", () => {
  const host = new Recorded("called");
  assert.deepEqual(host.hears(NAME + SYN), [NAME + SYN_ACK]);
  assert.deepEqual(host.hears(NAME + SYN), [], "a duplicate is not answered again");
  assert.deepEqual(host.hears(OTHER + SYN), [OTHER + SYN_ACK]);
  assert.deepEqual(host.hears(OTHER + ACK_DATA), ["opened"]);
  assert.deepEqual(host.hears(`aabbccdd0000000000000000${SYN}`), [], "another call does not disturb it");
});

test("strangers are told that nobody knows them, except when that would go on for ever", () => {
  for (const host of [new Recorded("called"), openedHost()]) {
    assert.deepEqual(host.hears(OTHER + ACK_DATA), [OTHER + RST]);
    assert.deepEqual(host.hears(OTHER + PING), [OTHER + RST]);
    assert.deepEqual(host.hears(OTHER + RST), []);
    assert.deepEqual(host.hears(OTHER + PONG), []);
    assert.deepEqual(host.hears(OTHER), [], "too short");
  }
});

test("a reset ends a half-open session only, and an open one for good", () => {
  const host = new Recorded("called");
  host.hears(NAME + SYN);
  assert.deepEqual(host.hears(NAME + RST), []);
  assert.deepEqual(host.hears(NAME + ACK_DATA), [NAME + RST], "it is forgotten");
  const open = openedHost();
  assert.deepEqual(open.hears(NAME + RST), ["reset"]);
  assert.deepEqual(open.hears(NAME + PING), []);
});

test("each end says that it is there every 10 s, answers the other, and ends after 60 s of silence", () => {
  const host = openedHost();
  assert.deepEqual(host.until(10_000), [NAME + PING]);
  assert.deepEqual(host.hears(NAME + PING), [NAME + PONG]);
  assert.deepEqual(host.until(69_999), Array(5).fill(NAME + PING));
  assert.deepEqual(host.until(70_010).slice(-1), ["silent"]);
});

test("an application that closes says so several times, for nobody acknowledges that", () => {
  const host = openedHost();
  assert.deepEqual(host.handle({ type: "closed" }), [NAME + FIN]);
  assert.deepEqual(host.hears(NAME + PING), [NAME + RST], "there is no session any more");
  assert.deepEqual(host.until(3_000), [NAME + FIN, NAME + FIN, NAME + FIN, "closed"]);
});

test("after the peer's end a session may still send, and ends with its own", () => {
  const host = openedHost();
  assert.deepEqual(host.hears(NAME + FIN), []);
  assert.equal(host.session.peerClosed, true);
  const [sent = ""] = host.handle({ type: "written", parts: [Uint8Array.of(7)] });
  assert.ok(sent.startsWith(NAME + ACK_DATA) && sent.endsWith("07"));
});

test("a peer that never acknowledges cannot keep a closed session for longer than 5 s", () => {
  const host = openedHost();
  host.handle({ type: "written", parts: [new Uint8Array(100)] });
  host.handle({ type: "closed" });
  assert.deepEqual(host.until(5_000).slice(-5), [...Array(4).fill(NAME + RST), "closed"]);
});

test("half-open sessions are bounded: the oldest is forgotten", () => {
  const host = new Recorded("called");
  const names = Array.from({ length: 17 }, (_, i) => `${(i + 1).toString(16).padStart(2, "0")}0000000000000000000000`);
  for (const each of names) assert.deepEqual(host.hears(each + SYN), [each + SYN_ACK]);
  assert.deepEqual(host.hears(names[0] + ACK_DATA), [names[0] + RST]);
  assert.deepEqual(host.hears(names[16] + ACK_DATA), ["opened"]);
});

test("no datagram makes a session throw, hang or answer with more than it got", () => {
  const name = Buffer.from(NAME, "hex");
  const flags = fc.oneof(fc.constant(0x0a), fc.integer({ min: 0, max: 255 }));
  const u32 = fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 2 ** 32 - 1 }));
  const hostile = fc.record({
    command: fc.integer({ min: 80, max: 85 }),
    window: fc.nat(65_535),
    fields: fc.array(u32, { minLength: 4, maxLength: 4 }),
  });
  fc.assert(
    fc.property(fc.array(fc.tuple(flags, fc.array(hostile, { maxLength: 20 })), { maxLength: 30 }), (datagrams) => {
      const host = openedHost();
      host.handle({ type: "written", parts: [new Uint8Array(20_000)] });
      for (const [flag, segments] of datagrams) {
        const datagram = new Uint8Array(14 + 24 * segments.length);
        datagram.set(name);
        datagram[12] = flag;
        for (const [index, { command, window, fields }] of segments.entries()) {
          const view = new DataView(datagram.buffer, 14 + 24 * index, 24);
          view.setUint32(0, 0x11223344, true);
          view.setUint8(4, command);
          view.setUint16(6, window, true);
          const [timestamp = 0, number = 0, arrived = 0, length = 0] = fields;
          view.setUint32(8, timestamp, true);
          view.setUint32(12, number, true);
          view.setUint32(16, arrived, true);
          view.setUint32(20, length % 3 === 0 ? 0 : length, true);
        }
        host.now += 1;
        host.handle({ type: "received", datagram });
        host.session.take();
        host.handle({ type: "taken" });
        let turns = 0;
        for (; (host.session.deadline ?? Infinity) <= host.now; turns++) {
          assert.ok(turns < 3, "it wants to be called for ever");
          host.handle({ type: "timeout" });
        }
      }
    }),
  );
});

test("a peer that says it has room for nothing is asked again, and goes on when it has", () => {
  const path = new KcpPath({ delay: 10 });
  path.open();
  path.caller.reader = undefined;
  path.called.write(new Uint8Array(3_000_000));
  path.run(() => false, 60_000);
  assert.ok(path.called.session.queuedBytes > 1_000_000, "the window of the peer is full");
  path.caller.reader = (bytes) => {
    path.caller.received += bytes.length;
  };
  path.caller.handle({ type: "timeout" });
  assert.ok(
    path.run(() => path.caller.received === 3_000_000, 5_000),
    `${path.caller.received}`,
  );
});
