import assert from "node:assert/strict";
import { test } from "node:test";
import { policyOf } from "../../test/policy.ts";
import { Visitor } from "../../test/visitor.ts";
import { host, joined } from "../../test/world.ts";
import { admitsAddress, admitsId, type HostPolicy } from "./policy.ts";

test("without lists everybody may knock, even who can't be placed", () => {
  for (const address of ["192.0.2.1", "2001:db8::1", "", "somewhere"]) assert.ok(admitsAddress(policyOf(), address));
  for (const id of ["123456789", "", "Ada"]) assert.ok(admitsId(policyOf(), id));
});

test("who is blocked is blocked, though allowed as well", () => {
  const policy = policyOf({ allowedAddresses: ["192.0.2.0/24"], blockedAddresses: ["192.0.2.7"] });
  assert.ok(admitsAddress(policy, "192.0.2.6"));
  for (const address of ["192.0.2.7", "::ffff:192.0.2.7", "198.51.100.1"])
    assert.ok(!admitsAddress(policy, address), address);
  const ids = policyOf({ allowedIds: ["ada-*"], blockedIds: ["*-old"] });
  assert.ok(admitsId(ids, "ADA-laptop"));
  for (const id of ["ada-old", "eve", ""]) assert.ok(!admitsId(ids, id), id);
});

test("a list of friends shuts out who can't be placed; a list of foes does not", () => {
  assert.ok(!admitsAddress(policyOf({ allowedAddresses: ["0.0.0.0/0", "::/0"] }), ""));
  assert.ok(admitsAddress(policyOf({ blockedAddresses: ["0.0.0.0/0"] }), ""));
});

test("a list with nothing that is a network in it lets nobody in, instead of everybody", () => {
  assert.ok(!admitsAddress(policyOf({ allowedAddresses: ["192.0.2.300"] }), "192.0.2.1"));
  assert.ok(!admitsId(policyOf({ allowedIds: [""] }), "123456789"));
});

/** What a visitor hears first, and how its visit ends. */
async function knocks(policy: Partial<HostPolicy>, address: string): Promise<readonly [string, string]> {
  const world = host({ policy });
  const visitor = await Visitor.of(world, { address });
  const [first] = await visitor.rest();
  const text = first?.case === "loginResponse" && first.value.union.case === "error" ? first.value.union.value : "";
  return [text, (await visitor.end).why];
}

test("who comes from a blocked address hears so instead of a challenge", async () => {
  const blocked = ["Your ip is blocked by the peer", "address-blocked"];
  assert.deepEqual(await knocks({ blockedAddresses: ["192.0.2.0/24"] }, "192.0.2.1"), blocked);
  assert.deepEqual(await knocks({ allowedAddresses: ["198.51.100.0/24"] }, "::ffff:192.0.2.1"), blocked);
  assert.deepEqual(await knocks({ allowedAddresses: ["198.51.100.0/24"] }, ""), blocked);
});

test("an ID on the list of foes hears so before any password is looked at, and others get in", async () => {
  const world = host({ policy: { blockedIds: ["foe*"] } });
  for (const [myId, text] of [
    ["FOE-7@id.example.org", "Your ID is blocked by the peer"],
    ["friend", ""],
  ] as const) {
    const visitor = await Visitor.of(world);
    const challenge = await visitor.challenge();
    assert.equal(await visitor.login(world.reception.oneTime.value, challenge, { myId }), text);
    if (text === "") await visitor.leave();
    else assert.equal((await visitor.end).why, "id-blocked");
  }
  assert.deepEqual(joined(world), ["Eve"]);
});
