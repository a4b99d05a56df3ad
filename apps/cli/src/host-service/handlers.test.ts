import assert from "node:assert/strict";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { LiveSession } from "@pulpit/host";
import { type CommandHandlers, HostRefusal, type RefusalCode, SETTING_NAMES } from "@pulpit/host-control";
import { PERMISSIONS, type Permission } from "@pulpit/protocol";
import { EXAMPLES } from "../../test/examples.ts";
import { houseOf } from "../../test/house.ts";
import { hostHandlers } from "./handlers.ts";
import type { House } from "./house.ts";

const STRONG = "rower zielony chmura stolik";

interface Owner {
  readonly house: House;
  readonly handlers: CommandHandlers;
  /** How often sharing was started anew. */
  applied: number;
}

function owner(t: TestContext, abilities: ReadonlySet<Permission> = new Set(PERMISSIONS)): Owner {
  const house = houseOf(t);
  const sharing = {
    view: { state: "stopped", server: "" } as const,
    apply: async (): Promise<void> => {
      state.applied += 1;
    },
  };
  const handlers = hostHandlers(house, sharing, { name: ":0", virtual: false, abilities });
  const state = { house, handlers, applied: 0 };
  return state;
}

async function refused(code: RefusalCode, act: () => unknown): Promise<void> {
  await assert.rejects(
    async () => act(),
    (error) => error instanceof HostRefusal && error.code === code,
    code,
  );
}

/** Everything the journal has, oldest first. */
const events = ({ journal }: House): readonly string[] =>
  journal
    .page(0, 200)
    .map(({ event }) => JSON.stringify(event))
    .reverse();

/** Nothing of the profile can be written over a folder, not even by root. */
function blockFile({ profile }: House, name: string): void {
  rmSync(join(profile.path, name), { force: true });
  mkdirSync(join(profile.path, name));
}

test("whatever is not there any more is gone, and nothing is written down about it", async (t) => {
  const { house, handlers } = owner(t);
  await refused("gone", () => handlers["request.answer"]({ request: "r1", accept: true }));
  await refused("gone", () => handlers["session.permit"]({ session: "s1", permission: "keyboard", granted: true }));
  await refused("gone", () => handlers["session.end"]({ session: "s1", block: true }));
  await refused("gone", () => handlers["trusted.forget"]({ device: "00".repeat(12) }));
  assert.deepEqual(events(house), []);
  assert.equal(house.settings.text("blocked-ids"), "");
});

test("a setting that is none, or a value that is none, changes nothing", async (t) => {
  const { house, handlers } = owner(t);
  await refused("unknown-setting", () => handlers["settings.set"]({ name: "wings", value: "yes" }));
  for (const name of SETTING_NAMES) {
    await refused("bad-value", () => handlers["settings.set"]({ name, value: EXAMPLES[name][1] }));
  }
  assert.deepEqual(events(house), []);
});

test("every setting is obeyed at once, written down, and shown", async (t) => {
  const state = owner(t);
  const { house, handlers } = state;
  for (const name of SETTING_NAMES) {
    const [good] = EXAMPLES[name];
    let told = 0;
    const stop = house.onChanged(() => {
      told += 1;
    });
    await handlers["settings.set"]({ name, value: good });
    stop();
    assert.ok(told > 0, name);
    assert.equal((await handlers.view({})).settings[name], good);
    assert.equal(events(house).at(-1), JSON.stringify({ type: "setting", name, value: good }));
  }
  assert.equal(state.applied, 10);
  const policy = house.reception.policy();
  assert.equal(policy.approval, "both");
  assert.equal(policy.acceptWithin, 30_000);
  assert.equal(policy.trustFor, 0);
  assert.equal(policy.idleAfter, 15 * 60_000);
  assert.deepEqual([...policy.granted], []);
  assert.deepEqual(policy.allowedAddresses, ["10.0.0.0/8", "2001:db8::/32"]);
  assert.equal(house.reception.oneTime.value.length, 10);
  assert.match(house.reception.oneTime.value, /^\d{10}$/);
  assert.equal((await handlers.view({})).oneTimePassword, undefined);
});

test("a password that is weak, too long or no line of text is refused, and the old one holds", async (t) => {
  const { house, handlers } = owner(t);
  await handlers["password.set"]({ password: STRONG });
  const before = house.reception.credentials.permanentHash;
  for (const password of ["", "tk8vpw3", "Password1!", "q".repeat(50_000), `${STRONG}\n`, `${STRONG}\0`]) {
    await refused("weak-password", () => handlers["password.set"]({ password }));
  }
  const long = Array.from({ length: 129 }, (_, i) => "t8Kv!w3nXz"[i % 10]).join("");
  await refused("weak-password", () => handlers["password.set"]({ password: long }));
  await handlers["password.set"]({ password: long.slice(1) });
  assert.notDeepEqual(house.reception.credentials.permanentHash, before);
  await handlers["password.clear"]({});
  assert.equal(house.reception.credentials.permanentHash, undefined);
  assert.deepEqual(events(house), [
    '{"type":"password","change":"set"}',
    '{"type":"password","change":"set"}',
    '{"type":"password","change":"cleared"}',
  ]);
});

test("the second factor: no confirming what was not begun, no wrong code, not twice, no codes while it is off", async (t) => {
  const { house, handlers } = owner(t);
  await refused("not-begun", () => handlers["second-factor.confirm"]({ code: "123456" }));
  await refused("not-begun", () => handlers["second-factor.recovery"]({}));
  await handlers["second-factor.begin"]({});
  for (const code of ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦"]) {
    await refused("wrong-code", () => handlers["second-factor.confirm"]({ code }));
  }
  assert.equal(house.reception.credentials.secondFactor.on, false);
  assert.deepEqual(events(house), []);
});

test("a permission nobody has heard of, or that this computer has nothing behind, is not given", async (t) => {
  const { house, handlers } = owner(t, new Set<Permission>(["keyboard"]));
  const given: string[] = [];
  // As far as the handler looks at it.
  const session = { facts: { key: "s1" }, permit: (permission: string) => given.push(permission) };
  house.reception.entered(session as unknown as LiveSession);
  for (const permission of ["camera", "wings", "", "__proto__"]) {
    await refused("not-available", () => handlers["session.permit"]({ session: "s1", permission, granted: true }));
  }
  await handlers["session.permit"]({ session: "s1", permission: "keyboard", granted: false });
  assert.deepEqual(given, ["keyboard"]);
  assert.equal(events(house).length, 1);
});

test("hanging up for good blocks address and ID as they are, once each, and nothing a viewer could smuggle in", async (t) => {
  const { house, handlers } = owner(t);
  const enter = (key: string, viewer: { readonly id: string; readonly address: string }): void =>
    house.reception.entered({
      facts: { key, viewer },
      end: () => undefined,
      regrant: () => undefined,
    } as unknown as LiveSession);
  enter("s1", { id: "eve", address: "2001:db8::7" });
  enter("s2", { id: "eve", address: "2001:db8::7" });
  enter("s3", { id: "a,*", address: "" });
  for (const session of ["s1", "s2", "s3"]) await handlers["session.end"]({ session, block: true });
  assert.equal(house.settings.text("blocked-ids"), "eve");
  assert.equal(house.settings.text("blocked-addresses"), "2001:db8::7");
});

test("another ID needs a server that is named, and can be one", async (t) => {
  const { house, handlers } = owner(t);
  const { id } = house.identity;
  await refused("no-server", () => handlers["id.change"]({ id: "my-computer" }));
  await handlers["settings.set"]({ name: "server", value: "127.0.0.1:1" });
  await handlers["settings.set"]({ name: "server-key", value: EXAMPLES["server-key"][0] });
  for (const bad of ["", "short", "1starts-with-a-digit", "has space", "x".repeat(17), "../../etc"]) {
    await refused("bad-id", () => handlers["id.change"]({ id: bad }));
  }
  await refused("no-server", () => handlers["id.change"]({ id: "my-computer" }));
  assert.equal(house.identity.id, id);
});

test("what can't be kept on disk did not happen", async (t) => {
  const { house, handlers } = owner(t);
  blockFile(house, "settings.json");
  blockFile(house, "secrets.json");
  await refused("storage", () => handlers["settings.set"]({ name: "approval", value: "both" }));
  await refused("storage", () => handlers["password.set"]({ password: STRONG }));
  assert.equal(house.reception.policy().approval, "either");
  assert.equal(house.reception.credentials.permanentHash, undefined);
  assert.deepEqual(events(house), []);
});

test("a new password or a changed one leaves nobody a way back in with the old one", async (t) => {
  const { house, handlers } = owner(t);
  let forgotten = 0;
  const { recent } = house.reception;
  const forgetAll = recent.forgetAll.bind(recent);
  t.mock.method(recent, "forgetAll", () => {
    forgotten += 1;
    forgetAll();
  });
  await handlers["password.set"]({ password: STRONG });
  await handlers["password.clear"]({});
  assert.equal(forgotten, 2);
});
