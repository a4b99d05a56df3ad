import assert from "node:assert/strict";
import { test } from "node:test";
import { LinkError } from "@pulpit/link";
import { type MessageKey, messageKey, PERMISSIONS, rules } from "@pulpit/protocol";
import { KeyboardMode, OptionMessage_BoolOption, type PeerMessageInit, PermissionInfo_Permission } from "@pulpit/wire";
import { anyOf } from "../test/any-message.ts";
import { Visitor } from "../test/visitor.ts";
import { host, ID, joined } from "../test/world.ts";

const move: PeerMessageInit = { case: "mouseEvent", value: { x: 3, y: 4 } };
const press: PeerMessageInit = { case: "mouseEvent", value: { mask: 9 } };
const shift: PeerMessageInit = {
  case: "keyEvent",
  value: { down: true, mode: KeyboardMode.MAP, union: { case: "chr", value: 50 } },
};
const closeReason: PeerMessageInit = { case: "misc", value: { union: { case: "closeReason", value: "" } } };

test("before login no message of any kind does anything, and only five kinds are acted upon", async () => {
  const world = host();
  const visitor = await Visitor.of(world);
  const acted: readonly MessageKey[] = ["loginRequest", "testDelay", "misc.closeReason"];
  const kinds = (Object.keys(rules) as MessageKey[]).filter((kind) => !acted.includes(kind));
  assert.ok(kinds.length > 60);
  for (const kind of kinds) await visitor.send(anyOf(kind));
  // No proof is no attempt: the host goes on waiting.
  await visitor.send(move, press, shift, { case: "loginRequest", value: { username: ID } });
  await visitor.lookedAt();
  assert.deepEqual([world.done, world.shown], [[], []]);
  assert.deepEqual(joined(world), []);
  // Its answers: the challenge, what is off anyway, signs of life.
  const heard = new Set(visitor.heard.map((message) => messageKey(message)));
  assert.deepEqual([...heard].toSorted(), ["hash", "misc.permissionInfo", "testDelay"]);
  await visitor.send(closeReason);
  assert.deepEqual(await visitor.end, { session: undefined, why: "left" });
});

test("after login the same messages do what they say", async () => {
  const world = host();
  const visitor = await Visitor.of(world);
  assert.equal(await visitor.login(world.reception.oneTime.value, await visitor.challenge()), "");
  assert.deepEqual(joined(world), ["Eve"]);
  await visitor.send(move, press, shift);
  await visitor.lookedAt();
  assert.deepEqual(world.done, ["move 3,4", "left true", "key 50 true"]);
  await visitor.send(closeReason);
  assert.equal((await visitor.end).why, "left");
});

test("nothing is executed for a viewer without the keyboard permission, which hears that it is off", async () => {
  const world = host({ policy: { granted: new Set(PERMISSIONS.filter((permission) => permission !== "keyboard")) } });
  const visitor = await Visitor.of(world);
  const challenge = await visitor.challenge();
  const { union } = (await visitor.until("misc")).value;
  assert.ok(union.case === "permissionInfo");
  assert.deepEqual([union.value.permission, union.value.enabled], [PermissionInfo_Permission.KEYBOARD, false]);
  assert.equal(await visitor.login(world.reception.oneTime.value, challenge), "");
  await visitor.send(move, press, shift);
  await visitor.lookedAt();
  await visitor.send(closeReason);
  await visitor.end;
  assert.deepEqual(world.done, []);
});

test("what a viewer holds is let go of when its link breaks, and when it goes view-only", async () => {
  const world = host();
  const visitor = await Visitor.of(world);
  await visitor.login(world.reception.oneTime.value, await visitor.challenge());
  await visitor.send(press, shift);
  await visitor.lookedAt();
  const option = { disableKeyboard: OptionMessage_BoolOption.YES };
  await visitor.send({ case: "misc", value: { union: { case: "option", value: option } } }, move);
  await visitor.lookedAt();
  const input = (): string[] => world.done.splice(0);
  assert.deepEqual(input(), ["left true", "key 50 true", "key 50 false", "left false"]);
  await visitor.send(
    { case: "misc", value: { union: { case: "option", value: { disableKeyboard: OptionMessage_BoolOption.NO } } } },
    shift,
  );
  await visitor.lookedAt();
  await visitor.break();
  await visitor.end;
  assert.deepEqual(input(), ["key 50 true", "key 50 false"]);
});

test("the one-time password changes after a visit that got in, and not after one that did not", async () => {
  const world = host();
  const { oneTime } = world.reception;
  const first = oneTime.value;
  const stranger = await Visitor.of(world);
  assert.equal(await stranger.login("wrong", await stranger.challenge()), "Wrong Password");
  await stranger.send(closeReason);
  await stranger.end;
  assert.equal(oneTime.value, first);
  const visitor = await Visitor.of(world);
  await visitor.login(first, await visitor.challenge());
  assert.equal(oneTime.value, first, "it holds for as long as the visit lasts");
  await visitor.send(closeReason);
  await visitor.end;
  assert.notEqual(oneTime.value, first);
  const again = await Visitor.of(world);
  assert.equal(await again.login(first, await again.challenge()), "Wrong Password");
  await again.send(closeReason);
  await again.end;
});

test("a viewer whose link broke comes back with the old password, one that said goodbye does not", async () => {
  const world = host();
  const old = world.reception.oneTime.value;
  const first = await Visitor.of(world);
  await first.login(old, await first.challenge());
  await first.break();
  await first.end;
  assert.notEqual(world.reception.oneTime.value, old);
  const second = await Visitor.of(world);
  assert.equal(await second.login(old, await second.challenge()), "");
  await second.send(closeReason);
  await second.end;
  const third = await Visitor.of(world);
  assert.equal(await third.login(old, await third.challenge()), "Wrong Password");
  await third.break();
  await assert.rejects(third.end, LinkError);
});

test("each visit has a challenge of its own, and a proof for another one is worth nothing", async () => {
  const world = host();
  const [a, b] = [await Visitor.of(world), await Visitor.of(world)];
  const [first, second] = [await a.challenge(), await b.challenge()];
  assert.match(first, /^[2-9a-km-z]{16}$/);
  assert.notEqual(first, second);
  assert.equal(await b.login(world.reception.oneTime.value, first), "Wrong Password");
  assert.equal(await b.login(world.reception.oneTime.value, second), "");
  for (const visitor of [a, b]) await visitor.send(closeReason);
  assert.deepEqual(
    (await Promise.all([a.end, b.end])).map(({ why }) => why),
    ["left", "left"],
  );
});

test("a viewer that wants no encryption is sent away, unless the owner allows it", async () => {
  const refused = host();
  const { pipe, end } = refused.knock();
  await pipe.send(new Uint8Array(0));
  assert.deepEqual(await end, { session: undefined, why: "plaintext-refused" });
  const open = host({ allowPlaintext: true }).knock();
  const visitor = new Visitor(open.pipe, open.end);
  await open.pipe.send(new Uint8Array(0));
  await visitor.challenge();
  await visitor.send(closeReason);
  assert.deepEqual(await visitor.end, { session: undefined, why: "left" });
});

test("a message larger than any login ends a visit before login", async () => {
  const visitor = await Visitor.of(host());
  const clipboard = { content: new Uint8Array(64 * 1024) };
  await visitor.send({ case: "clipboard", value: clipboard });
  await assert.rejects(visitor.end, { code: "too-large" });
});
