import assert from "node:assert/strict";
import { test } from "node:test";
import { ChannelLink, GO_ON_BELOW, type RawChannel, WAIT_ABOVE } from "./channel-link.ts";
import { LinkError } from "./errors.ts";

/** A channel that takes everything and keeps it until it is told that it has left. */
class StillChannel implements RawChannel {
  readonly sent: Uint8Array[] = [];
  bufferedAmount = 0;
  broken = false;
  destroyed = false;
  finished = false;

  send(message: Uint8Array): void {
    if (this.broken) throw new Error("the platform's own words");
    this.sent.push(message);
    this.bufferedAmount += message.length;
  }

  async finish(sent: Promise<unknown>): Promise<void> {
    await sent;
    this.finished = true;
  }

  destroy(): void {
    this.destroyed = true;
  }
}

const path = { transport: "webrtc", route: "direct", remote: "192.0.2.1:5" } as const;
const binding = { local: "sha-256 AA", remote: "sha-256 BB" };
const open = (limit = 1_000_000): { link: ChannelLink; channel: StillChannel } => {
  const channel = new StillChannel();
  return { channel, link: new ChannelLink(channel, { path, binding, limit }) };
};
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const failsWith = (code: string) => (error: unknown) => error instanceof LinkError && error.code === code;

test("fragments of two messages that are sent at once do not mix", async () => {
  const { link, channel } = open();
  await Promise.all([
    link.send(new Uint8Array(2_201).fill(1)),
    link.send(new Uint8Array(0)),
    link.send(new Uint8Array(2_201).fill(2)),
  ]);
  const headers = channel.sent.map((fragment) => [fragment[0], fragment[1]]);
  assert.deepEqual(headers, [
    [1, 1],
    [0, 1],
    [0, undefined],
    [1, 2],
    [0, 2],
  ]);
});

test("a full channel holds the writer, in the middle of a message too, until much of it has left", async () => {
  const { link, channel } = open();
  let done = false;
  const sending = link.send(new Uint8Array(1_000_000)).then(() => {
    done = true;
  });
  await turn();
  const held = channel.sent.length;
  const all = Math.ceil(1_000_000 / 2_200);
  assert.ok(channel.bufferedAmount > WAIT_ABOVE && held < all);
  assert.equal(link.queuedBytes, channel.bufferedAmount);
  channel.bufferedAmount = GO_ON_BELOW + 1;
  link.hasRoom();
  await turn();
  assert.equal(channel.sent.length, held);
  while (!done) {
    channel.bufferedAmount = 0;
    link.hasRoom();
    await turn();
  }
  await sending;
  assert.equal(channel.sent.length, all);
});

test("large fragments are answered, so that their sender hears of them; small ones and a busy link are not", async () => {
  const { link, channel } = open();
  link.received(Uint8Array.of(0, ...new Uint8Array(998)));
  await turn();
  assert.equal(channel.sent.length, 0);
  link.received(Uint8Array.of(1, ...new Uint8Array(2_200)));
  link.received(Uint8Array.of(0, ...new Uint8Array(2_200)));
  await turn();
  // One answer for what came together; it is a whole message.
  assert.deepEqual(channel.sent, [Uint8Array.of(0, 0x80, 0x3f, 1)]);
  const sending = link.send(new Uint8Array(1_000_000));
  link.received(Uint8Array.of(0, ...new Uint8Array(2_200)));
  await turn();
  assert.ok(channel.sent.slice(1).every((fragment) => fragment.length > 4));
  link.ended(new LinkError("reset", "gone"));
  await assert.rejects(sending, failsWith("reset"));
});

test("an answer is for the link alone; whatever else is short is a message", async () => {
  const { link } = open();
  const messages: number[][] = [[], [0x80, 0x3f], [0x80, 0x3f, 2], [0x80, 0x3f, 1, 0]];
  for (const message of messages) {
    link.received(Uint8Array.of(0, 0x80, 0x3f, 1));
    link.received(Uint8Array.of(0, ...message));
    assert.deepEqual(await link.receive(), Uint8Array.from(message));
  }
});

test("a peer that stops reading holds the writer until the link ends, and then it is told", async () => {
  for (const end of ["closed", "broken"] as const) {
    const { link, channel } = open();
    const sending = link.send(new Uint8Array(1_000_000));
    await turn();
    if (end === "closed") await link.close(new Error("enough"));
    else link.ended(new LinkError("reset", "gone"));
    await assert.rejects(sending, failsWith(end === "closed" ? "closed" : "reset"));
    assert.equal(channel.destroyed, end === "closed");
    await assert.rejects(link.send(new Uint8Array(1)), LinkError);
  }
});

test("a message that could leave only in part ends the link", async () => {
  const { link, channel } = open();
  const sending = link.send(new Uint8Array(1_000_000));
  await turn();
  channel.broken = true;
  channel.bufferedAmount = 0;
  link.hasRoom();
  await assert.rejects(sending, failsWith("reset"));
  assert.ok(channel.destroyed);
  await assert.rejects(link.receive(), failsWith("reset"));
});

test("what arrived before the end is still read; an end inside a message is none", async () => {
  const whole = open().link;
  whole.received(Uint8Array.of(0, 5));
  whole.ended();
  assert.deepEqual(await whole.receive(), Uint8Array.of(5));
  assert.equal(await whole.receive(), undefined);
  assert.equal(await whole.receive(), undefined);
  const half = open().link;
  half.received(Uint8Array.of(1, 5));
  half.ended();
  await assert.rejects(half.receive(), failsWith("reset"));
});

test("what is no fragment, and what is above the limit, breaks the link", async () => {
  for (const [fragments, code] of [
    [[[]], "malformed"],
    [[[7, 1]], "malformed"],
    [[[1]], "malformed"],
    [[[0, 1, 2, 3, 4]], "too-large"],
    [
      [
        [1, 1, 2, 3],
        [0, 4],
      ],
      "too-large",
    ],
  ] as const) {
    const { link, channel } = open(3);
    for (const fragment of fragments) link.received(Uint8Array.from(fragment));
    await assert.rejects(link.receive(), failsWith(code));
    assert.ok(channel.destroyed);
    await assert.rejects(link.receive(), failsWith(code));
  }
});

test("a peer that sends without being read is cut off, with large messages and with empty ones", async () => {
  for (const size of [1, 60_001]) {
    const { link, channel } = open();
    const fragment = new Uint8Array(size);
    let count = 0;
    while (!channel.destroyed) {
      link.received(fragment);
      count += 1;
    }
    assert.ok(count * size <= 70 * 1024 * 1024 && count < 600_000);
    await assert.rejects(link.receive(), failsWith("too-large"));
  }
});

test("a clean close waits for what is being sent, takes nothing more, and may be done again", async () => {
  const { link, channel } = open();
  const sending = link.send(new Uint8Array(600_000));
  const waiting = link.receive();
  const closing = link.close();
  assert.equal(await waiting, undefined);
  await assert.rejects(link.send(new Uint8Array(1)), failsWith("closed"));
  assert.equal(channel.finished, false);
  for (let i = 0; i < 10; i++) {
    await turn();
    channel.bufferedAmount = 0;
    link.hasRoom();
  }
  await Promise.all([sending, closing]);
  assert.ok(channel.finished);
  await link.close();
  assert.equal(await link.receive(), undefined);
});

test("raw mode: each piece is a message, empty ones are none", async () => {
  const { link, channel } = open();
  const stream = link.detach();
  await stream.write(Uint8Array.of(1), new Uint8Array(0), Uint8Array.of(2, 3));
  assert.deepEqual(channel.sent, [Uint8Array.of(0, 1), Uint8Array.of(0, 2, 3)]);
  for (const fragment of [[0], [1, 7], [0, 8]]) link.received(Uint8Array.from(fragment));
  assert.deepEqual(await stream.read(), Uint8Array.of(7, 8));
  link.ended();
  assert.equal(await stream.read(), undefined);
});
