import assert from "node:assert/strict";
import { test } from "node:test";
import { standingClock } from "../../test/standing-clock.ts";
import { Consent, type PersonsAnswer, type Question } from "./consent.ts";

const ada: Question = {
  viewer: { id: "v", name: "Ada", platform: "Linux", address: "192.0.2.1" },
  scope: "desktop",
  passwordGiven: false,
  encrypted: true,
};

function setUp(): {
  readonly consent: Consent;
  readonly clock: ReturnType<typeof standingClock>;
  readonly heard: PersonsAnswer[];
  readonly hear: (answer: PersonsAnswer) => void;
  changes(): number;
  within: number;
} {
  const clock = standingClock();
  const heard: PersonsAnswer[] = [];
  let changes = 0;
  const world = {
    clock,
    heard,
    hear: (answer: PersonsAnswer) => void heard.push(answer),
    changes: () => changes,
    within: 30_000,
  };
  const onChanged = (): void => {
    changes += 1;
  };
  return Object.assign(world, { consent: new Consent({ clock, within: () => world.within, onChanged }) });
}

test("an answer is told once, and the question is gone", () => {
  for (const accept of [true, false]) {
    const { consent, heard, hear, changes } = setUp();
    consent.ask(ada, hear);
    const [question] = consent.open;
    assert.deepEqual(question, { ...ada, key: question?.key, deniedAt: 30_000 });
    assert.ok(consent.answer(question?.key ?? "", accept));
    assert.ok(!consent.answer(question?.key ?? "", true), "too late");
    assert.deepEqual(heard, [accept ? "accept" : "deny"]);
    assert.deepEqual(consent.open, []);
    assert.equal(changes(), 2);
  }
});

test("nobody at the machine is a no, after the time the owner set, and not before", async () => {
  const world = setUp();
  const { consent, clock, heard, hear } = world;
  consent.ask(ada, hear);
  await clock.advance(29_999);
  assert.deepEqual([heard, consent.open.length], [[], 1]);
  world.within = 60_000;
  consent.ask(ada, hear);
  await clock.advance(1);
  assert.deepEqual([heard, consent.open.length], [["silence"], 1]);
  await clock.advance(59_998);
  assert.equal(heard.length, 1);
  await clock.advance(1);
  assert.deepEqual([heard, consent.open], [["silence", "silence"], []]);
});

test("an answered question is not denied later", async () => {
  const { consent, clock, heard, hear } = setUp();
  consent.ask(ada, hear);
  consent.answer(consent.open[0]?.key ?? "", true);
  await clock.advance(60_000);
  assert.deepEqual(heard, ["accept"]);
});

test("a question that is withdrawn is answered by nobody, neither the person nor the time", async () => {
  const { consent, clock, heard, hear, changes } = setUp();
  const withdraw = consent.ask(ada, hear);
  const key = consent.open[0]?.key ?? "";
  withdraw();
  withdraw();
  assert.ok(!consent.answer(key, true));
  await clock.advance(60_000);
  assert.deepEqual([heard, consent.open], [[], []]);
  assert.equal(changes(), 2);
});

test("at most four questions are open, two of them from one address; another one is a no at once", () => {
  const { consent, heard, hear } = setUp();
  const from = (address: string): Question => ({ ...ada, viewer: { ...ada.viewer, address } });
  for (const address of ["192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.2"]) consent.ask(from(address), hear);
  assert.deepEqual([heard, consent.open.length], [["silence"], 3]);
  consent.ask(from("192.0.2.3"), hear);
  const withdraw = consent.ask(from("192.0.2.4"), hear);
  assert.deepEqual([heard, consent.open.length], [["silence", "silence"], 4]);
  withdraw();
  assert.equal(consent.open.length, 4);
  consent.answer(consent.open[2]?.key ?? "", false);
  consent.ask(from("192.0.2.4"), hear);
  assert.deepEqual([heard, consent.open.length], [["silence", "silence", "deny"], 4]);
});

test("each question has a name of its own, and an answer to one is none to another", () => {
  const { consent, hear } = setUp();
  const heard: string[] = [];
  consent.ask(ada, (answer) => heard.push(`first ${answer}`));
  consent.ask(ada, (answer) => heard.push(`second ${answer}`));
  const [first, second] = consent.open.map(({ key }) => key);
  assert.notEqual(first, second);
  consent.answer(second ?? "", true);
  assert.deepEqual(heard, ["second accept"]);
  consent.ask(ada, hear);
  assert.ok(!consent.open.some(({ key }) => key === second), "names are not used again");
  for (const name of ["", "r0", "toString", "__proto__"]) assert.ok(!consent.answer(name, true));
});
