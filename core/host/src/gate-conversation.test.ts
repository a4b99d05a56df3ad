import assert from "node:assert/strict";
import { test } from "node:test";
import { HostLogin, HostSession, PERMISSIONS, type Scope } from "@pulpit/protocol";
import { decodeMessage, encodeMessage, type PeerMessage, type PeerMessageInit } from "@pulpit/wire";
import { anyOf } from "../test/any-message.ts";
import { KINDS } from "../test/visitor.ts";
import { SCOPES, WHO_MAY_SEND } from "../test/who-may-send.ts";
import { ADDRESS, host, ID, SALT } from "../test/world.ts";

/** A session of this kind on a computer that can do everything, as the state machine sees it. */
function admittedMachine(scope: Scope): HostSession {
  const world = host();
  const house = world.reception.house({
    ...{ challenge: "c", salt: SALT, address: ADDRESS, encrypted: true, possible: new Set(PERMISSIONS) },
    now: () => 0,
    matched: () => undefined,
  });
  world.decide({ approval: "click" });
  const login = new HostLogin(ID, ADDRESS, house);
  const machine = new HostSession({ login, salt: SALT, challenge: "c", granted: new Set(PERMISSIONS) });
  machine.handle({ type: "start" }, 0);
  machine.handle(
    { type: "received", message: onTheWire({ case: "loginRequest", value: { username: ID, ...KINDS[scope] } }) },
    0,
  );
  const [admission] = machine.handle({ type: "answered", answer: "accept" }, 0);
  assert.ok(admission?.type === "admit" && admission.scope === scope);
  return machine;
}

function onTheWire(message: PeerMessageInit): PeerMessage {
  return decodeMessage(encodeMessage(message));
}

for (const scope of SCOPES) {
  test(`a session of kind ${scope} delivers what the table says and turns everything else away`, () => {
    const machine = admittedMachine(scope);
    for (const { name, cells } of WHO_MAY_SEND) {
      if (name === "misc.closeReason" || name === "testDelay") continue;
      const [effect] = machine.handle({ type: "received", message: onTheWire(anyOf(name)) }, 0);
      const own = ["loginRequest", "auth2fa"].includes(name);
      const cell = name === "switchSidesResponse" ? "mute" : cells[scope];
      const verdict = cell === "mute" ? "ignore" : "wrong-scope";
      if (own) assert.equal(effect, undefined, "a second login changes nothing");
      else if (cell === "ok") assert.equal(effect?.type, "deliver", name);
      else assert.deepEqual(effect, { type: "turnedAway", key: name, verdict });
    }
    machine.handle({ type: "granted", permissions: new Set() }, 0);
    for (const { name, cells, needs } of WHO_MAY_SEND) {
      if (cells[scope] !== "ok" || needs.length === 0) continue;
      const effects = machine.handle({ type: "received", message: onTheWire(anyOf(name)) }, 0);
      assert.deepEqual(effects, [{ type: "turnedAway", key: name, verdict: "no-permission" }]);
    }
  });
}
