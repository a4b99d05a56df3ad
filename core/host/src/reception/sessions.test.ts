import assert from "node:assert/strict";
import { test } from "node:test";
import { PERMISSIONS, type Permission } from "@pulpit/protocol";
import fc from "fast-check";
import { LiveSession, type SessionFacts } from "./sessions.ts";

const FACTS: SessionFacts = {
  key: "s1",
  viewer: { id: "v", name: "Ada", platform: "Linux", address: "192.0.2.1" },
  ...{ scope: "desktop", since: 0, by: "one-time", secondFactor: "none", encrypted: true },
  path: { transport: "memory", route: "direct", remote: "memory" },
};

function session(
  settings: readonly Permission[],
  possible: readonly Permission[] = PERMISSIONS,
): {
  readonly live: LiveSession;
  readonly told: string[];
  settings: readonly Permission[];
} {
  const told: string[] = [];
  const world = { told, settings };
  const live = new LiveSession(
    FACTS,
    { granted: () => new Set(world.settings), possible: () => new Set(possible) },
    { regranted: () => void told.push("regranted"), end: (farewell) => void told.push(farewell) },
  );
  return Object.assign(world, { live });
}

test("a session may do what the settings grant and the computer can, as they are now", () => {
  const world = session(["keyboard", "clipboard"], ["keyboard", "recording"]);
  assert.deepEqual([...world.live.granted], ["keyboard"]);
  world.settings = ["recording"];
  assert.deepEqual([...world.live.granted], ["recording"]);
});

test("what the person switched holds for this session, over a change of the settings too", () => {
  const world = session(["keyboard"]);
  world.live.permit("keyboard", false);
  world.live.permit("clipboard", true);
  assert.deepEqual([...world.live.granted], ["clipboard"]);
  world.settings = ["keyboard", "audio"];
  assert.deepEqual([...world.live.granted], ["clipboard", "audio"]);
  world.live.permit("keyboard", true);
  assert.ok(world.live.granted.has("keyboard"));
  assert.deepEqual(world.told, ["regranted", "regranted", "regranted"]);
});

test("nobody can give what this computer can't do or the ID server forbids", () => {
  const some = fc.subarray([...PERMISSIONS]);
  const switches = fc.array(fc.tuple(fc.constantFrom(...PERMISSIONS), fc.boolean()));
  fc.assert(
    fc.property(some, some, switches, (settings, possible, all) => {
      const { live } = session(settings, possible);
      for (const [permission, granted] of all) live.permit(permission, granted);
      const last = new Map(all);
      const expected = PERMISSIONS.filter(
        (each) => possible.includes(each) && (last.get(each) ?? settings.includes(each)),
      );
      assert.deepEqual([...live.granted].toSorted(), expected.toSorted());
    }),
  );
});

test("the first use of a permission is told apart from later ones", () => {
  const { live } = session(["keyboard"]);
  assert.deepEqual([live.uses("keyboard"), live.uses("keyboard"), live.uses("audio")], [true, false, true]);
  assert.deepEqual([...live.used], ["keyboard", "audio"]);
});

test("ending and asking anew go to whoever runs the session", () => {
  const { live, told } = session([]);
  live.regrant();
  live.end("Closed manually by the peer");
  assert.deepEqual(told, ["regranted", "Closed manually by the peer"]);
});
