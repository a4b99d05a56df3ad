import assert from "node:assert/strict";
import { test } from "node:test";
import { attemptsSnapshotIn } from "@pulpit/protocol";
import { codeAt } from "../../test/authenticator.ts";
import { type LoginFields, Visitor } from "../../test/visitor.ts";
import { host, random, type World } from "../../test/world.ts";
import type { AttemptCounters } from "./reception.ts";

const STEP = 30_000;

/** Logs in from `address`; the visitor and what the host said. */
async function login(
  world: World,
  password: string,
  { address = "192.0.2.1", ...fields }: LoginFields & { readonly address?: string } = {},
): Promise<{ readonly visitor: Visitor; readonly said: string }> {
  const visitor = await Visitor.of(world, { address });
  return { visitor, said: await visitor.login(password, await visitor.challenge(), fields) };
}

/** Switches the second factor on, some time ago. */
function enrol(world: World): { readonly secret: Uint8Array; readonly recovery: readonly string[] } {
  const secret = random.bytes(20);
  const recovery = world.reception.credentials.enrol(secret, codeAt(secret, world.wall), world.wall);
  world.wall += 10 * STEP;
  return { secret, recovery: recovery ?? assert.fail("the code was wrong") };
}

async function code(visitor: Visitor, text: string, hwid = new Uint8Array(0)): Promise<string> {
  await visitor.send({ case: "auth2fa", value: { code: text, hwid } });
  return visitor.answer();
}

test("a permanent password gets in while it is set and allowed, with the salt that came with it", async () => {
  const world = host();
  world.reception.credentials.setPermanent("correct horse");
  const first = await login(world, "correct horse");
  assert.equal(first.said, "");
  assert.equal(world.reception.sessions[0]?.facts.by, "permanent");
  await first.visitor.leave();
  world.decide({ permanent: false });
  const second = await login(world, "correct horse");
  assert.equal(second.said, "Wrong Password");
  world.decide({ permanent: true });
  world.reception.credentials.clearPermanent();
  const third = await login(world, "correct horse");
  assert.equal(third.said, "Wrong Password");
  for (const { visitor } of [second, third]) await visitor.leave();
});

test("a password that is changed while somebody stands at the door no longer gets in", async () => {
  const world = host();
  world.reception.credentials.setPermanent("correct horse");
  const visitor = await Visitor.of(world);
  const challenge = await visitor.challenge();
  world.reception.credentials.setPermanent("battery staple");
  for (const password of ["correct horse", "battery staple"])
    assert.equal(await visitor.login(password, challenge), "Wrong Password");
  assert.equal(
    await visitor.login(world.reception.oneTime.value, challenge),
    "",
    "the one-time password has no salt of its own",
  );
  await visitor.leave();
});

test("a one-time password that is switched off, or renewed, no longer gets in", async () => {
  const world = host({ policy: { oneTimeRenewal: "manual" } });
  const { value } = world.reception.oneTime;
  const first = await login(world, value);
  await first.visitor.leave();
  assert.equal(world.reception.oneTime.value, value, "the owner renews it, nobody else");
  world.decide({ oneTime: false });
  const second = await login(world, value);
  assert.equal(second.said, "Wrong Password");
  world.decide({ oneTime: true });
  world.reception.oneTime.renew();
  const third = await login(world, value);
  assert.equal(third.said, "Wrong Password");
  for (const { visitor } of [second, third]) await visitor.leave();
});

test("with the second factor on, a code gets in once, and not again on another connection", async () => {
  const world = host();
  const { secret } = enrol(world);
  const now = codeAt(secret, world.wall);
  const first = await login(world, world.reception.oneTime.value);
  assert.equal(first.said, "2FA Required");
  assert.equal(await code(first.visitor, codeAt(secret, world.wall - 2 * STEP)), "Wrong 2FA Code");
  assert.equal(await code(first.visitor, now), "");
  assert.equal(world.reception.sessions[0]?.facts.secondFactor, "code");
  const second = await login(world, world.reception.oneTime.value, { sessionId: 10n });
  assert.equal(await code(second.visitor, now), "Wrong 2FA Code");
  world.wall += STEP;
  assert.equal(await code(second.visitor, codeAt(secret, world.wall)), "");
  for (const { visitor } of [first, second]) await visitor.leave();
});

test("a recovery code gets in once", async () => {
  const world = host();
  const { recovery } = enrol(world);
  const first = await login(world, world.reception.oneTime.value);
  assert.equal(await code(first.visitor, recovery[0] ?? ""), "");
  await first.visitor.leave();
  const second = await login(world, world.reception.oneTime.value);
  assert.equal(await code(second.visitor, recovery[0] ?? ""), "Wrong 2FA Code");
  await second.visitor.leave();
});

test("a code after success is ignored and not used up", async () => {
  const world = host();
  const { secret } = enrol(world);
  const first = await login(world, world.reception.oneTime.value);
  assert.equal(await code(first.visitor, codeAt(secret, world.wall)), "");
  world.wall += STEP;
  await first.visitor.send({ case: "auth2fa", value: { code: codeAt(secret, world.wall), hwid: new Uint8Array(32) } });
  await first.visitor.lookedAt();
  assert.deepEqual(world.reception.credentials.trusted, []);
  const second = await login(world, world.reception.oneTime.value, { sessionId: 10n });
  assert.equal(await code(second.visitor, codeAt(secret, world.wall)), "");
  for (const { visitor } of [first, second]) await visitor.leave();
});

test("a device that was trusted needs no code next time, and a forged one does", async () => {
  const world = host();
  const { secret } = enrol(world);
  const hwid = new Uint8Array(32).fill(9);
  const first = await login(world, world.reception.oneTime.value);
  assert.equal(await code(first.visitor, codeAt(secret, world.wall), hwid), "");
  await first.visitor.leave();
  const remembered = world.events.find((event) => event.type === "deviceTrusted");
  assert.ok(remembered?.type === "deviceTrusted" && remembered.device.name === "Eve");
  const second = await login(world, world.reception.oneTime.value, { hwid });
  assert.equal(second.said, "");
  assert.equal(world.reception.sessions[0]?.facts.secondFactor, "trusted");
  await second.visitor.leave();
  for (const forged of [{ hwid, myName: "Ada" }, { hwid, myId: "w" }, { hwid: new Uint8Array(32) }, {}]) {
    const { visitor, said } = await login(world, world.reception.oneTime.value, forged);
    assert.equal(said, "2FA Required");
    await visitor.leave();
  }
  world.decide({ trustFor: 0 });
  const last = await login(world, world.reception.oneTime.value, { hwid });
  assert.equal(last.said, "2FA Required", "the owner no longer wants it");
  await last.visitor.leave();
});

test("who comes back after its link broke is not asked for a code again, but only from where it was", async () => {
  const world = host();
  const { secret } = enrol(world);
  const password = world.reception.oneTime.value;
  const first = await login(world, password);
  assert.equal(await code(first.visitor, codeAt(secret, world.wall)), "");
  await first.visitor.break();
  await first.visitor.end;
  const thief = await login(world, password, { address: "198.51.100.1" });
  assert.equal(thief.said, "Wrong Password");
  assert.equal((await login(world, password, { sessionId: 10n })).said, "Wrong Password");
  // The thief's try named the session, and closed the way back.
  const late = await login(world, password);
  assert.equal(late.said, "Wrong Password");
  for (const { visitor } of [thief, late]) await visitor.leave();

  const again = await login(world, world.reception.oneTime.value);
  world.wall += STEP;
  assert.equal(await code(again.visitor, codeAt(secret, world.wall)), "");
  const { value } = world.reception.oneTime;
  await again.visitor.break();
  await again.visitor.end;
  const back = await login(world, value);
  assert.equal(back.said, "");
  assert.deepEqual(
    world.reception.sessions.map(({ facts }) => [facts.by, facts.secondFactor]),
    [["recent", "recent"]],
  );
  await back.visitor.leave();
});

/** Wrong passwords from ever other networks, spread over time so that each is looked at. */
async function misses(world: World, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    world.wall += 20_000;
    const { visitor, said } = await login(world, "wrong", { address: `10.0.${i}.1` });
    assert.equal(said, "Wrong Password");
    await visitor.leave();
  }
}

test("ten misses change a one-time password of six digits and not one of eight symbols", async () => {
  for (const [oneTimeForm, changes] of [
    [{ length: 6, digits: true }, true],
    [{ length: 8, digits: false }, false],
  ] as const) {
    const world = host({ policy: { oneTimeForm } });
    const { value } = world.reception.oneTime;
    await misses(world, 9);
    assert.equal(world.reception.oneTime.value, value);
    await misses(world, 1);
    assert.equal(world.reception.oneTime.value !== value, changes);
  }
});

test("attempts that are not looked at wear nothing out", async () => {
  const world = host({ policy: { oneTimeForm: { length: 6, digits: true } } });
  const { value } = world.reception.oneTime;
  const { visitor } = await login(world, "wrong");
  for (let i = 0; i < 30; i++) await visitor.login("wrong", "x");
  assert.equal(world.reception.oneTime.value, value);
  await visitor.leave();
});

test("counters go on where they were after a restart, and the right password has to wait", async () => {
  const before = host();
  const { visitor } = await login(before, "wrong");
  for (let i = 0; i < 3; i++) await visitor.login("wrong", "x");
  await visitor.leave();
  const kept = JSON.parse(JSON.stringify(before.reception.counters)) as Record<keyof AttemptCounters, unknown>;
  const after = host({
    counters: {
      attempts: attemptsSnapshotIn(kept.attempts),
      codes: attemptsSnapshotIn(kept.codes),
      questions: attemptsSnapshotIn(kept.questions),
    },
  });
  const blocked = await login(after, after.reception.oneTime.value);
  assert.equal(blocked.said, "Please try 1 minute later");
  after.wall += 2_000;
  assert.equal(await blocked.visitor.login(after.reception.oneTime.value, "x"), "Wrong Password");
  await blocked.visitor.leave();
});

test("nothing the host reports holds a secret", async () => {
  const world = host();
  const { secret, recovery } = enrol(world);
  world.reception.credentials.setPermanent("correct horse");
  const { value } = world.reception.oneTime;
  const hwid = new Uint8Array(32).fill(9);
  const first = await login(world, "correct horse", { hwid });
  await code(first.visitor, "000000");
  await code(first.visitor, codeAt(secret, world.wall), hwid);
  await first.visitor.leave();
  const wrong = await login(world, "nearly correct horse");
  await wrong.visitor.leave();
  const told = JSON.stringify(world.events, (_, each) => (each instanceof Uint8Array ? [...each] : each));
  for (const text of [value, "correct horse", codeAt(secret, world.wall), "000000", ...recovery])
    assert.ok(!told.includes(text));
  assert.ok(!told.includes(JSON.stringify([...hwid]).slice(1, -1)));
});
