import assert from "node:assert/strict";
import { test } from "node:test";
import { LinkError } from "./errors.ts";
import { memoryLinks } from "./memory.ts";
import { Inbox, LinkSource, merged, type Source } from "./source.ts";

test("an inbox gives what was put in, in order, then its failure", async () => {
  const inbox = new Inbox<number>();
  inbox.put(1);
  const waiting = inbox.ready();
  inbox.put(2);
  inbox.fail(new Error("over"));
  await waiting;
  assert.deepEqual([inbox.take(), inbox.take(), inbox.take()], [1, 2, undefined]);
  await assert.rejects(inbox.ready(), /over/);
});

test("a stage that ends on a message leaves the next one in the link", async () => {
  const [a, b] = memoryLinks();
  const source = new LinkSource(b, (message) => message[0]);
  await a.send(Uint8Array.of(1));
  await a.send(Uint8Array.of(2));
  await source.ready();
  assert.equal(source.take(), 1);
  assert.deepEqual(await b.receive(), Uint8Array.of(2));
});

test("the end of a link is the end of its source", async () => {
  const [a, b] = memoryLinks();
  await a.close();
  await assert.rejects(
    new LinkSource(b, () => 1).ready(),
    (error) => error instanceof LinkError && error.code === "closed",
  );
});

test("either of two sources is heard, and nothing is lost when both speak at once", async () => {
  const first = new Inbox<string>();
  const second = new Inbox<string>();
  const both = merged(first, second);
  const waiting = both.ready();
  second.put("b1");
  await waiting;
  first.put("a1");
  assert.deepEqual([both.take(), both.take(), both.take()], ["a1", "b1", undefined]);
  first.put("a2");
  second.put("b2");
  await both.ready();
  assert.equal(both.take(), "a2");
  await both.ready();
  assert.equal(both.take(), "b2");
});

test("the failure of either is the failure of both, also when nobody was waiting", async () => {
  const first = new Inbox<number>();
  const second = new Inbox<number>();
  const both = merged(first, second);
  const waiting = both.ready();
  first.put(1);
  await waiting;
  second.fail(new Error("broken"));
  assert.equal(both.take(), 1);
  await assert.rejects(both.ready(), /broken/);
});

test("a silent source is waited for once, however much the other one says", async () => {
  const talker = new Inbox<number>();
  let questions = 0;
  const silent: Source<number> = {
    ready() {
      questions += 1;
      return new Promise(() => undefined);
    },
    take: () => undefined,
  };
  const both = merged(silent, talker);
  for (let i = 0; i < 1000; i++) {
    const waiting = both.ready();
    talker.put(i);
    await waiting;
    assert.equal(both.take(), i);
  }
  assert.equal(questions, 1);
});
