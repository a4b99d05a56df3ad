import assert from "node:assert/strict";
import { test } from "node:test";
import {
  judge,
  maySet,
  type OptionField,
  optionRules,
  PERMISSIONS,
  type Permission,
  permissionFor,
  rules,
  type Verdict,
} from "@pulpit/protocol";
import { type Cell, type Row, SCOPES, WHO_MAY_SEND, WHO_MAY_SET } from "../test/who-may-send.ts";

const ALL: ReadonlySet<Permission> = new Set(PERMISSIONS);
const without = (taken: Permission): ReadonlySet<Permission> => new Set(PERMISSIONS.filter((each) => each !== taken));

const BEFORE: Readonly<Record<Cell, Verdict>> = { ok: "allow", mute: "ignore", "-": "not-logged-in" };
const INSIDE: Readonly<Record<Cell, Verdict>> = { ok: "allow", mute: "ignore", "-": "wrong-scope" };

/** What the table says, given what is granted. */
function expected({ cells, needs }: Row, scope: string, granted: ReadonlySet<Permission>): Verdict {
  const cell = cells[scope] as Cell;
  return cell === "ok" && needs.some((permission) => !granted.has(permission)) ? "no-permission" : INSIDE[cell];
}

test("the table has a row for every message there is, once", () => {
  const names = WHO_MAY_SEND.map(({ name }) => name);
  assert.deepEqual(names.toSorted(), Object.keys(rules).toSorted());
  for (const { name, cells, needs } of WHO_MAY_SEND) {
    for (const cell of Object.values(cells)) assert.ok(Object.hasOwn(INSIDE, cell), name);
    for (const permission of needs) assert.ok(ALL.has(permission), name);
  }
});

test("before login the gate says what the table says, whatever is granted", () => {
  for (const { name, cells } of WHO_MAY_SEND) {
    for (const granted of [ALL, new Set<Permission>()]) {
      assert.equal(judge(name, { scope: undefined, granted }), BEFORE[cells.before as Cell], name);
    }
  }
});

for (const scope of SCOPES) {
  test(`in a session of kind ${scope} the gate says what the table says, with every permission and without any`, () => {
    for (const row of WHO_MAY_SEND) {
      for (const granted of [ALL, new Set<Permission>()]) {
        assert.equal(judge(row.name, { scope, granted }), expected(row, scope, granted), row.name);
      }
    }
  });
}

for (const taken of PERMISSIONS) {
  test(`without ${taken} exactly what needs it is dropped`, () => {
    const granted = without(taken);
    for (const scope of SCOPES) {
      for (const row of WHO_MAY_SEND) {
        assert.equal(judge(row.name, { scope, granted }), expected(row, scope, granted), `${row.name} in ${scope}`);
      }
    }
  });
}

test("what is used by a message is the permission the table names", () => {
  for (const { name, needs, cells } of WHO_MAY_SEND) {
    // What only hosts send uses nothing of a viewer's.
    if (Object.values(cells).some((cell) => cell === "ok")) assert.equal(permissionFor(name), needs[0], name);
  }
});

test("each switch of an option message is taken where the table says, and with all the permissions it names", () => {
  assert.deepEqual(WHO_MAY_SET.map(({ name }) => name).toSorted(), Object.keys(optionRules).toSorted());
  for (const { name, cells, needs } of WHO_MAY_SET) {
    const field = name as OptionField;
    assert.ok(!maySet(field, { scope: undefined, granted: ALL }), `${name} before login`);
    for (const scope of SCOPES) {
      assert.equal(maySet(field, { scope, granted: ALL }), cells[scope] === "ok", `${name} in ${scope}`);
      for (const taken of PERMISSIONS) {
        const may = cells[scope] === "ok" && !needs.includes(taken);
        assert.equal(maySet(field, { scope, granted: without(taken) }), may, `${name} in ${scope} without ${taken}`);
      }
    }
  }
});
