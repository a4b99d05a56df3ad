import assert from "node:assert/strict";
import { test } from "node:test";
import { LinkError } from "./errors.ts";
import type { Clock, Link } from "./link.ts";
import { memoryLinks } from "./memory.ts";
import { type Lane, Outbox } from "./outbox.ts";

/** A clock that stands until it is moved. */
class StillClock implements Clock {
  #now = 0;
  readonly #alarms = new Set<{ at: number; ring: () => void }>();

  now(): number {
    return this.#now;
  }

  alarm(at: number, ring: () => void): () => void {
    const alarm = { at, ring };
    this.#alarms.add(alarm);
    return () => this.#alarms.delete(alarm);
  }

  pass(ms: number): void {
    this.#now += ms;
    for (const alarm of this.#alarms) {
      if (alarm.at > this.#now) continue;
      this.#alarms.delete(alarm);
      alarm.ring();
    }
  }
}

/** A link whose `send` resolves only when told. */
function slowLink(): { link: Link; sent: string[]; release(): void } {
  const [link] = memoryLinks();
  const sent: string[] = [];
  let gate = Promise.withResolvers<void>();
  return {
    link: {
      ...link,
      async send(message) {
        sent.push(Buffer.from(message).toString());
        await gate.promise;
      },
    },
    sent,
    release() {
      gate.resolve();
      gate = Promise.withResolvers();
    },
  };
}

const text = (value: string): Uint8Array => Buffer.from(value);
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("what is urgent overtakes what waits, and each kind stays in order", async () => {
  const { link, sent, release } = slowLink();
  const outbox = new Outbox(link, new StillClock());
  const left: string[] = [];
  const put = (value: string, lane: Lane): void => outbox.put(text(value), lane, () => left.push(value));
  put("video 1", "video");
  put("file", "files");
  put("video 2", "video");
  put("cursor", "cursor");
  put("control", "control");
  assert.equal(outbox.queuedBytes, 31);
  for (let i = 0; i < 5; i++) {
    await turn();
    release();
  }
  await outbox.drained();
  assert.deepEqual(sent, ["video 1", "control", "cursor", "video 2", "file"]);
  assert.deepEqual(left, sent);
  assert.equal(outbox.queuedBytes, 0);
});

test("a peer that takes nothing for too long, and one that lets too much pile up, end it", async () => {
  const clock = new StillClock();
  const stalled = new Outbox(slowLink().link, clock);
  stalled.put(text("x"), "video");
  await turn();
  clock.pass(12_000);
  await assert.rejects(stalled.failed, (error) => error instanceof LinkError && error.code === "timed-out");
  await stalled.drained();

  const full = new Outbox(slowLink().link, new StillClock());
  for (let i = 0; i < 33; i++) full.put(new Uint8Array(1024 * 1024), "files");
  await assert.rejects(full.failed, { code: "timed-out" });
});

test("a broken link is told once, and what is put in later is dropped", async () => {
  const [link] = memoryLinks();
  await link.close();
  const outbox = new Outbox(link, new StillClock());
  outbox.put(text("x"), "control");
  await assert.rejects(outbox.failed, { code: "closed" });
  outbox.put(text("y"), "control");
  await outbox.drained();
});
