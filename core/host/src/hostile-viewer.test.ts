import assert from "node:assert/strict";
import { test } from "node:test";
import { deniedByServer, type MessageKey, messageKey, PERMISSIONS, type Permission } from "@pulpit/protocol";
import { KeyboardMode, type PeerMessageInit } from "@pulpit/wire";
import { anyOf } from "../test/any-message.ts";
import { codeAt } from "../test/authenticator.ts";
import { KINDS, Visitor } from "../test/visitor.ts";
import { SCOPES, WHO_MAY_SEND } from "../test/who-may-send.ts";
import { host, ID, joined, random, SALT, type World } from "../test/world.ts";

const press: PeerMessageInit = { case: "mouseEvent", value: { mask: 9 } };
const shift: PeerMessageInit = {
  case: "keyEvent",
  value: { down: true, mode: KeyboardMode.MAP, union: { case: "chr", value: 50 } },
};
const INPUT: readonly PeerMessageInit[] = [
  { case: "mouseEvent", value: { x: 3, y: 4 } },
  { case: "mouseEvent", value: { mask: 3, y: 1 } },
  { case: "keyEvent", value: { press: true, mode: KeyboardMode.LEGACY, union: { case: "seq", value: "rm -rf /" } } },
  press,
  shift,
];
/** Kinds that end a visit, or are tried with contents of their own below. */
const APART: readonly MessageKey[] = ["misc.closeReason", "testDelay", "loginRequest", "auth2fa"];
const EVERYTHING: readonly PeerMessageInit[] = [
  ...WHO_MAY_SEND.filter(({ name }) => !APART.includes(name)).map(({ name }) => anyOf(name)),
  ...INPUT,
];
function enrolled(world: World): Uint8Array {
  const secret = random.bytes(20);
  assert.ok(world.reception.credentials.enrol(secret, codeAt(secret, world.wall), world.wall) !== undefined);
  world.wall += 60_000;
  return secret;
}

/** Ways to be somebody who is not in yet. */
const OUTSIDE: Readonly<Record<string, (world: World, visitor: Visitor, challenge: string) => Promise<unknown>>> = {
  "before any login": async () => undefined,
  "after a wrong password": (_, visitor, challenge) => visitor.login("wrong", challenge),
  "after a code that nobody asked for": (world, visitor) =>
    visitor.send({ case: "auth2fa", value: { code: codeAt(enrolled(world), world.wall) } }),
  "after the password, before the code": async (world, visitor, challenge) => {
    enrolled(world);
    assert.equal(await visitor.login(world.reception.oneTime.value, challenge), "2FA Required");
    await visitor.send({ case: "auth2fa", value: { code: "000000" } });
  },
  "while the person is asked": async (world, visitor, challenge) => {
    world.decide({ approval: "click" });
    assert.equal(await visitor.login("", challenge), "No Password Access");
  },
  "while the person is asked after the password": async (world, visitor, challenge) => {
    world.decide({ approval: "both" });
    assert.equal(await visitor.login(world.reception.oneTime.value, challenge), "No Password Access");
  },
};

for (const [state, bring] of Object.entries(OUTSIDE)) {
  test(`${state} no message of any kind has an effect`, async () => {
    const world = host();
    const visitor = await Visitor.of(world);
    const challenge = await visitor.challenge();
    await bring(world, visitor, challenge);
    for (const message of EVERYTHING) await visitor.send(message);
    await visitor.ask("", challenge);
    await visitor.send(...INPUT);
    await visitor.lookedAt();
    assert.deepEqual([world.done, world.shown, joined(world)], [[], [], []]);
    assert.deepEqual(world.reception.sessions, []);
    const allowed = ["hash", "testDelay", "misc.permissionInfo", "loginResponse"];
    for (const message of visitor.heard) assert.ok(allowed.includes(messageKey(message) ?? ""), message.case);
    await visitor.leave();
  });
}

test("a side switch with everything right in it lets nobody in", async () => {
  const world = host();
  const visitor = await Visitor.of(world);
  const challenge = await visitor.challenge();
  const lr = { username: ID, password: visitor.proof(world.reception.oneTime.value, challenge), myId: "v" };
  await visitor.send({ case: "switchSidesResponse", value: { uuid: new Uint8Array(16), lr } }, ...INPUT);
  await visitor.lookedAt();
  assert.deepEqual([world.done, joined(world)], [[], []]);
  await visitor.leave();
});

test("a viewer that hands out challenges and keys of its own is not believed", async () => {
  const world = host();
  const visitor = await Visitor.of(world);
  const challenge = await visitor.challenge();
  const password = world.reception.oneTime.value;
  await visitor.send(
    { case: "hash", value: { salt: SALT, challenge: "mine" } },
    { case: "publicKey", value: { asymmetricValue: new Uint8Array(32), symmetricValue: new Uint8Array(48) } },
    { case: "loginResponse", value: { union: { case: "peerInfo", value: {} } } },
  );
  assert.equal(await visitor.login(password, "mine"), "Wrong Password");
  assert.equal(await visitor.login(password, ""), "Wrong Password");
  assert.equal(await visitor.login(password, challenge), "");
  await visitor.leave();
});

test("a login request that was overheard is worth nothing on another connection", async () => {
  const world = host();
  const victim = await Visitor.of(world);
  const password = victim.proof(world.reception.oneTime.value, await victim.challenge());
  const thief = await Visitor.of(world);
  await thief.challenge();
  assert.equal(await thief.login("x", "x", { password }), "Wrong Password");
  await victim.leave();
  await thief.leave();
});

for (const kind of SCOPES.filter((scope) => scope !== "desktop")) {
  test(`a session of kind ${kind} is refused on a computer with nothing behind it, whatever is granted`, async () => {
    const world = host();
    const visitor = await Visitor.of(world);
    const challenge = await visitor.challenge();
    const text = await visitor.login(world.reception.oneTime.value, challenge, KINDS[kind]);
    assert.match(text, /^No permission of /);
    assert.deepEqual(await visitor.end, { session: undefined, why: "kind-refused" });
    assert.deepEqual([world.done, world.shown, joined(world)], [[], [], []]);
  });
}

test("with everything granted, of all messages only input reaches the desktop", async () => {
  const world = host();
  const visitor = await Visitor.of(world);
  assert.equal(await visitor.login(world.reception.oneTime.value, await visitor.challenge()), "");
  for (const message of EVERYTHING) await visitor.send(message);
  await visitor.lookedAt();
  assert.deepEqual(world.done, ["move 0,0", ...["move 3,4", "wheel 0,1", "rm -rf /", "left true", "key 50 true"]]);
  await visitor.leave();
});

/** Ways to have no keyboard permission. */
const VIEW_ONLY: Readonly<Record<string, (world: World) => Promise<Visitor>>> = {
  "that the owner's settings don't grant": async (world) => {
    world.decide({ granted: new Set(PERMISSIONS.filter((permission) => permission !== "keyboard")) });
    return inside(world);
  },
  "that the ID server forbids": (world) => inside(world, new Set<Permission>(["keyboard"])),
  "that the person took away": async (world) => {
    const visitor = await inside(world);
    world.reception.sessions[0]?.permit("keyboard", false);
    return visitor;
  },
  "that the owner's settings no longer grant": async (world) => {
    const visitor = await inside(world);
    world.decide({ granted: new Set() });
    return visitor;
  },
};

async function inside(world: World, forbidden: ReadonlySet<Permission> = new Set()): Promise<Visitor> {
  const visitor = await Visitor.of(world, { forbidden });
  assert.equal(await visitor.login(world.reception.oneTime.value, await visitor.challenge()), "");
  return visitor;
}

for (const [how, bring] of Object.entries(VIEW_ONLY)) {
  test(`nothing is done for a viewer with a keyboard permission ${how}`, async () => {
    const world = host();
    const visitor = await bring(world);
    for (const message of EVERYTHING) await visitor.send(message);
    // Options can't bring it back either.
    await visitor.send({ case: "misc", value: { union: { case: "option", value: { disableKeyboard: 1 } } } }, ...INPUT);
    await visitor.lookedAt();
    assert.deepEqual(world.done, []);
    assert.ok(!world.events.some((event) => event.type === "permissionUsed" && event.permission === "keyboard"));
    await visitor.leave();
  });
}

test("a permission that is taken lets go of what is held, drops what comes next and is told; given back, it works", async () => {
  const world = host();
  const visitor = await inside(world);
  await visitor.send(press, shift);
  await visitor.lookedAt();
  assert.deepEqual(world.done.splice(0), ["left true", "key 50 true"]);
  const [session] = world.reception.sessions;
  // Sent before the decision, looked at after it: whoever decides is asked first.
  const late = visitor.send(...INPUT);
  session?.permit("keyboard", false);
  assert.deepEqual(
    world.done.splice(0),
    ["key 50 false", "left false"],
    "let go at once, not when the viewer speaks again",
  );
  await late;
  assert.deepEqual(await announced(visitor), [0, false]);
  await visitor.lookedAt();
  assert.deepEqual(world.done, []);
  session?.permit("keyboard", true);
  assert.deepEqual(await announced(visitor), [0, true]);
  await visitor.send(shift);
  await visitor.lookedAt();
  assert.deepEqual(world.done.splice(0), ["key 50 true"]);
  await visitor.leave();
  assert.deepEqual(world.done, ["key 50 false"]);
});

/** The next change of a permission that the viewer is told. */
async function announced(visitor: Visitor): Promise<readonly unknown[]> {
  const { union } = (await visitor.until("misc")).value;
  assert.ok(union.case === "permissionInfo");
  return [union.value.permission, union.value.enabled];
}

test("what the ID server forbids can't be given by settings or by the person", async () => {
  const world = host();
  const visitor = await inside(world, deniedByServer(0b01n));
  const [session] = world.reception.sessions;
  session?.permit("keyboard", true);
  world.decide({ granted: new Set(PERMISSIONS) });
  assert.deepEqual([...(session?.granted ?? [])], ["recording"]);
  await visitor.send(...INPUT);
  await visitor.lookedAt();
  assert.deepEqual(world.done, []);
  await visitor.leave();
});

test("what the ID server allows adds nothing to what the owner grants", async () => {
  const world = host({ policy: { granted: new Set() } });
  const everythingOn = 0b10_10_10_10_10_10_10_10_10_10_10_10_10n;
  const visitor = await inside(world, deniedByServer(everythingOn));
  assert.deepEqual(world.reception.sessions[0]?.granted, new Set());
  await visitor.send(...INPUT);
  await visitor.lookedAt();
  assert.deepEqual(world.done, []);
  await visitor.leave();
});

test("a permission that this computer has nothing behind can't be given", async () => {
  const world = host();
  const visitor = await inside(world);
  const [session] = world.reception.sessions;
  for (const permission of PERMISSIONS) session?.permit(permission, true);
  assert.deepEqual([...(session?.granted ?? [])].toSorted(), ["keyboard", "recording"]);
  await visitor.leave();
});
