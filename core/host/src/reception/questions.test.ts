import assert from "node:assert/strict";
import { test } from "node:test";
import { standingClock } from "../../test/standing-clock.ts";
import { Visitor } from "../../test/visitor.ts";
import { host, joined, type World } from "../../test/world.ts";

/** A visitor whose question is open; it knocks from an address of its own. */
async function asking(world: World, address = "192.0.2.1"): Promise<Visitor> {
  const visitor = await Visitor.of(world, { address });
  await visitor.ask("", await visitor.challenge());
  await visitor.lookedAt();
  return visitor;
}

/** What was said about questions: `asks`, and the answers. */
function answers({ events }: World): readonly string[] {
  return events.flatMap((event) => {
    if (event.type === "viewerAsks") return ["asks"];
    return event.type === "viewerAnswered" ? [event.answer] : [];
  });
}

function answer(world: World, accept: boolean): void {
  const [question] = world.reception.consent.open;
  assert.ok(question !== undefined && world.reception.consent.answer(question.key, accept));
}

test("a viewer that the person accepts is in, by a click", async () => {
  const world = host({ policy: { approval: "click" } });
  const visitor = await asking(world);
  const [question] = world.reception.consent.open;
  assert.deepEqual([question?.viewer.name, question?.scope, question?.passwordGiven], ["Eve", "desktop", false]);
  answer(world, true);
  assert.equal(await visitor.answer(), "");
  const [session] = world.reception.sessions;
  assert.deepEqual([session?.facts.by, session?.facts.secondFactor], ["click", "none"]);
  assert.deepEqual(world.reception.consent.open, []);
  await visitor.leave();
  assert.deepEqual(world.reception.sessions, []);
});

test("a viewer that the person does not want hears so and is sent away", async () => {
  const world = host({ policy: { approval: "click" } });
  const visitor = await asking(world);
  answer(world, false);
  const { union } = (await visitor.until("misc")).value;
  assert.equal(union.case === "closeReason" && union.value, "Closed manually by the peer");
  assert.deepEqual(await visitor.end, { session: undefined, why: "denied" });
  assert.deepEqual([answers(world), joined(world)], [["asks", "deny"], []]);
});

test("with nobody at the machine the viewer is sent away when the time is over", async () => {
  const clock = standingClock();
  const world = host({ clock, policy: { approval: "click", acceptWithin: 20_000 } });
  const visitor = await asking(world);
  await clock.advance(19_999);
  assert.equal(world.reception.consent.open.length, 1);
  await clock.advance(1);
  assert.deepEqual(await visitor.end, { session: undefined, why: "not-answered" });
  assert.deepEqual([answers(world), joined(world)], [["asks", "silence"], []]);
});

test("the question goes away with the viewer, and the answer that comes too late lets nobody in", async () => {
  const world = host({ policy: { approval: "click" } });
  for (const leave of ["leave", "break"] as const) {
    const visitor = await asking(world);
    const [question] = world.reception.consent.open;
    await visitor[leave]();
    await visitor.end.catch(() => undefined);
    assert.deepEqual(world.reception.consent.open, []);
    assert.ok(!world.reception.consent.answer(question?.key ?? "", true));
  }
  assert.deepEqual([answers(world), joined(world)], [["asks", "withdrawn", "asks", "withdrawn"], []]);
});

test("a password that comes while the person is asked answers the question, where either will do", async () => {
  const world = host({ policy: { approval: "either" } });
  const visitor = await Visitor.of(world);
  const challenge = await visitor.challenge();
  await visitor.ask("", challenge);
  await visitor.lookedAt();
  assert.equal(world.reception.consent.open.length, 1);
  assert.equal(await visitor.login(world.reception.oneTime.value, challenge), "");
  assert.deepEqual(world.reception.consent.open, []);
  assert.deepEqual(answers(world), ["asks", "withdrawn"]);
  assert.equal(world.reception.sessions[0]?.facts.by, "one-time");
  await visitor.leave();
});

test("where both are wanted the person is asked after the password, and told so", async () => {
  const world = host({ policy: { approval: "both" } });
  const visitor = await Visitor.of(world);
  const challenge = await visitor.challenge();
  await visitor.ask("", challenge);
  assert.equal(await visitor.login("wrong", challenge), "Wrong Password");
  assert.equal(world.reception.consent.open.length, 0);
  assert.equal(await visitor.login(world.reception.oneTime.value, challenge), "No Password Access");
  assert.equal(world.reception.consent.open[0]?.passwordGiven, true);
  answer(world, true);
  assert.equal(await visitor.answer(), "");
  await visitor.leave();
});

test("a fifth question at a time is not shown, and its viewer is answered once", async () => {
  const world = host({ policy: { approval: "click" } });
  const visitors: Visitor[] = [];
  for (let i = 1; i <= 4; i++) visitors.push(await asking(world, `198.51.100.${i}`));
  world.events.splice(0);
  const fifth = await Visitor.of(world, { address: "198.51.100.5" });
  await fifth.ask("", await fifth.challenge());
  assert.deepEqual(await fifth.end, { session: undefined, why: "not-answered" });
  assert.deepEqual(answers(world), ["asks", "silence"]);
  assert.equal(world.reception.consent.open.length, 4);
  for (const visitor of visitors) await visitor.leave();
});

test("names are made presentable before anybody sees them", async () => {
  const world = host({ policy: { approval: "click" } });
  const visitor = await Visitor.of(world);
  const challenge = await visitor.challenge();
  await visitor.ask("", challenge, {
    myName: `\u202e${"x".repeat(50_000)}\n`,
    myId: "a\nb",
    avatar: "https://example.org/",
  });
  await visitor.lookedAt();
  const [asked] = world.events;
  assert.ok(asked?.type === "viewerAsks");
  for (const { id, name } of [asked.viewer, world.reception.consent.open[0]?.viewer ?? assert.fail()]) {
    assert.deepEqual([id, name], ["ab", "x".repeat(64)]);
  }
  assert.ok(!JSON.stringify(world.events).includes("example.org"));
  await visitor.leave();
});
