import assert from "node:assert/strict";
import { test } from "node:test";
import { judge, judgeFromHost, rules, type Scope } from "./gate.ts";
import type { MessageKey } from "./message-key.ts";
import { PERMISSIONS } from "./permissions.ts";

const KEYS = Object.keys(rules) as MessageKey[];
const all = new Set(PERMISSIONS);
const none = new Set<never>();

test("before login a host acts upon exactly five kinds of message", () => {
  const allowed = KEYS.filter((key) => judge(key, { scope: undefined, granted: all }) === "allow");
  assert.deepEqual(allowed.sort(), ["auth2fa", "loginRequest", "misc.closeReason", "switchSidesResponse", "testDelay"]);
});

test("without permissions a desktop session moves nothing, reads nothing and restarts nothing", () => {
  const allowed = KEYS.filter((key) => judge(key, { scope: "desktop", granted: none }) === "allow");
  for (const key of allowed) {
    assert.ok(!/^(mouse|key|pointer|clipboard|multi|file|cliprdr|terminal|screenshot|voice|audio)/.test(key), key);
    assert.ok(!/(restart|change|toggle|elevation|switchSides)/i.test(key) || key === "switchSidesResponse", key);
  }
});

test("a file-transfer session may not move the mouse, whatever it was granted", () => {
  assert.equal(judge("mouseEvent", { scope: "files", granted: all }), "wrong-scope");
  assert.equal(judge("keyEvent", { scope: "terminal", granted: all }), "wrong-scope");
  assert.equal(judge("terminalAction", { scope: "desktop", granted: all }), "wrong-scope");
  assert.equal(judge("fileAction.readDir", { scope: "desktop", granted: all }), "wrong-scope");
});

test("a tunnel session may send nothing but signs of life and its farewell", () => {
  const allowed = KEYS.filter((key) => judge(key, { scope: "tunnel", granted: all }) === "allow");
  assert.deepEqual(
    allowed.filter((key) => rules[key].before !== "login"),
    ["misc.option"],
  );
});

test("nobody acts upon what only the other side may send", () => {
  for (const key of KEYS) {
    const { from } = rules[key];
    for (const scope of [undefined, "desktop", "files", "camera", "terminal", "tunnel"] as (Scope | undefined)[]) {
      if (from === "host") assert.notEqual(judge(key, { scope, granted: all }), "allow", key);
      if (from === "viewer") assert.notEqual(judgeFromHost(key, { scope }), "allow", key);
    }
  }
});

test("a message of a later version is ignored by both ends", () => {
  assert.equal(judge(undefined, { scope: "desktop", granted: all }), "ignore");
  assert.equal(judgeFromHost(undefined, { scope: "desktop" }), "ignore");
});
