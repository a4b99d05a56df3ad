import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { type HostView, PageClose, type PageMessage } from "@pulpit/host-control";
import { Channel, type ChannelWorld, type SocketEvents } from "./channel.ts";
import { tokenIn } from "./opening-token.ts";

const KEY = "pulpit.panel-key";
const view = { id: "123456789", sessions: [] } as unknown as HostView;

/** A host made of what the page says to it. */
class FakeWorld implements ChannelWorld {
  readonly stored = new Map<string, string>();
  readonly said: unknown[] = [];
  readonly pauses: number[] = [];
  sockets: SocketEvents[] = [];
  time = 0;
  #later: (() => void) | undefined;

  readonly keys: ChannelWorld["keys"] = {
    getItem: (name) => this.stored.get(name) ?? null,
    setItem: (name, value) => void this.stored.set(name, value),
    removeItem: (name) => void this.stored.delete(name),
  };

  now(): number {
    return this.time;
  }

  after(milliseconds: number, then: () => void): void {
    this.pauses.push(milliseconds);
    this.#later = then;
  }

  open(events: SocketEvents): { send(text: string): void; close(): void } {
    this.sockets.push(events);
    queueMicrotask(() => events.opened());
    return { send: (text) => void this.said.push(JSON.parse(text)), close: () => events.closed(1005) };
  }

  hears(message: PageMessage): void {
    this.sockets.at(-1)?.received(JSON.stringify(message));
  }

  closes(code: number): void {
    this.sockets.at(-1)?.closed(code);
  }

  async waits(): Promise<void> {
    this.#later?.();
    await Promise.resolve();
  }
}

let world: FakeWorld;
beforeEach(() => {
  world = new FakeWorld();
});

async function opened(token: string | undefined): Promise<Channel> {
  const channel = new Channel(world, token);
  channel.open();
  await Promise.resolve();
  return channel;
}

async function welcomed(): Promise<Channel> {
  const channel = await opened("t");
  world.hears({ type: "welcome", key: "k" });
  world.hears({ type: "view", view });
  return channel;
}

test("the token of the link lets the page in once, the key it gets for it later", async () => {
  world.time = 7;
  const channel = await welcomed();
  assert.deepEqual(world.said, [{ token: "t" }]);
  assert.deepEqual(channel.state(), { type: "open", shown: { view, at: 7 } });
  world.closes(1006);
  assert.equal(channel.state().type, "away");
  await world.waits();
  assert.deepEqual(world.said.at(-1), { key: "k" });
});

test("the pause between attempts grows, has an end, and starts anew once the host has answered", async () => {
  await welcomed();
  for (let i = 0; i < 7; i += 1) {
    world.closes(1006);
    await world.waits();
  }
  assert.deepEqual(world.pauses, [500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
  world.hears({ type: "welcome", key: "k2" });
  world.closes(1006);
  assert.equal(world.pauses.at(-1), 500);
});

test("without token and key the page says so and calls nobody", async () => {
  const channel = await opened(undefined);
  assert.deepEqual(channel.state(), { type: "shut", why: "not-let-in" });
  assert.equal(world.sockets.length, 0);
});

test("a page that is not let in forgets its key and everything it has seen, and does not try again", async () => {
  const channel = await welcomed();
  world.closes(1006);
  await world.waits();
  world.closes(PageClose.notLetIn);
  assert.deepEqual(channel.state(), { type: "shut", why: "not-let-in" });
  assert.equal(world.stored.has(KEY), false);
  assert.deepEqual(world.pauses, [500]);
});

test("a link that was used before still opens in the tab that has the key", async () => {
  world.stored.set(KEY, "k");
  await opened("used");
  world.closes(PageClose.notLetIn);
  await Promise.resolve();
  assert.deepEqual(world.said, [{ token: "used" }, { key: "k" }]);
});

test("a new link opened in a page that was shut lets it in", async () => {
  const channel = await opened(undefined);
  channel.enter("new");
  await Promise.resolve();
  assert.deepEqual(world.said, [{ token: "new" }]);
  channel.enter("newer");
  assert.equal(world.sockets.length, 1);
});

test("a host that ends is told apart from a line that breaks, also while it is tried again", async () => {
  const channel = await welcomed();
  world.closes(PageClose.hostStopped);
  await world.waits();
  world.closes(1006);
  const state = channel.state();
  assert.ok(state.type === "away" && state.why === "host-stopped" && state.shown?.view.id === view.id);
});

test("too many pages: it is not tried again by itself, and the key stays good", async () => {
  const channel = await welcomed();
  world.closes(PageClose.tooMany);
  assert.deepEqual(channel.state(), { type: "shut", why: "too-many" });
  assert.deepEqual(world.pauses, []);
  assert.equal(world.stored.get(KEY), "k");
});

test("answers find their questions, whatever their order", async () => {
  const channel = await welcomed();
  const first = channel.ask("history", { before: 0, limit: 10 });
  const second = channel.ask("history.verify", {});
  assert.deepEqual(world.said.slice(1), [
    { number: 1, question: "history", before: 0, limit: 10 },
    { number: 2, question: "history.verify" },
  ]);
  world.hears({ type: "answer", number: 2, answer: { type: "whole", entries: 3 } });
  world.hears({ type: "answer", number: 1, answer: [] });
  world.hears({ type: "answer", number: 99, answer: "nobody asked" });
  assert.deepEqual(await second, { type: "whole", entries: 3 });
  assert.deepEqual(await first, []);
});

test("a refusal comes with its code and what the host adds", async () => {
  const channel = await welcomed();
  const asked = channel.ask("settings.set", { name: "trust-days", value: "x" });
  world.hears({ type: "refusal", number: 1, code: "bad-value", detail: "a whole number" });
  await assert.rejects(asked, { name: "Refused", code: "bad-value", detail: "a whole number" });
});

test("what is under way when the line breaks is refused as lost, and so is what is asked meanwhile", async () => {
  const channel = await welcomed();
  const asked = channel.ask("service.stop", {});
  world.closes(1006);
  await assert.rejects(asked, { code: "lost" });
  await assert.rejects(channel.ask("service.stop", {}), { code: "lost" });
  await world.waits();
  await assert.rejects(channel.ask("service.stop", {}), { code: "lost" });
});

test("what is no message closes the line", async () => {
  for (const text of [
    "",
    "null",
    "[]",
    "{}",
    '{"type":"welcome"}',
    '{"type":"view","view":null}',
    '{"type":"answer"}',
  ]) {
    world = new FakeWorld();
    const channel = await welcomed();
    world.sockets.at(-1)?.received(text);
    assert.equal(channel.state().type, "away", text);
  }
});

test("whoever watches is told of each change until they stop", async () => {
  const channel = await opened("t");
  let changes = 0;
  const stop = channel.subscribe(() => (changes += 1));
  world.hears({ type: "view", view });
  stop();
  world.closes(1006);
  assert.equal(changes, 1);
});

test("only a whole token is taken from the address", () => {
  assert.equal(tokenIn("#token=Ab_-9"), "Ab_-9");
  for (const hash of ["", "#", "#token=", "#token=a&b", "#key=a", `#token=${"a".repeat(257)}`]) {
    assert.equal(tokenIn(hash), undefined, hash);
  }
});
