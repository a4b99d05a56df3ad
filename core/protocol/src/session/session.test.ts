import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeCrypto } from "@pulpit/crypto-node";
import { decodeMessage, encodeMessage, type LoginRequest, type PeerMessage, type PeerMessageInit } from "@pulpit/wire";
import { CODE, House } from "../../test/house.ts";
import { passwordHash, passwordProof } from "../crypto/password.ts";
import { HostLogin } from "../login/host.ts";
import { LoginError } from "../login/texts.ts";
import { HostSession, type HostSessionEffect } from "./host.ts";
import { ANNOUNCEABLE, type Permission } from "./permissions.ts";
import { type ViewerSessionEffect, ViewerSessionMachine } from "./viewer.ts";

const crypto = nodeCrypto();
const SALT = "salt-of-this-host";
const CHALLENGE = "p4q9rap4q9ra";
const PASSWORD = "k7m3xz";
const ID = "123456789";

const wire = (message: PeerMessageInit): PeerMessage => decodeMessage(encodeMessage(message));
const sent = (effects: readonly (HostSessionEffect | ViewerSessionEffect)[]): PeerMessage[] =>
  effects.flatMap((effect) => (effect.type === "send" ? [wire(effect.message)] : []));
const proofOf = (password: string): Uint8Array =>
  passwordProof(crypto, passwordHash(crypto, password, SALT), CHALLENGE);

function host(granted: readonly Permission[] = ANNOUNCEABLE, house = new House()): HostSession {
  house.decided = { ...house.decided, granted: new Set(granted) };
  house.proofs = ({ password }) =>
    Buffer.from(password).equals(proofOf(PASSWORD)) ? { by: "one-time", codePassed: false } : undefined;
  const login = new HostLogin(ID, "192.0.2.1", house);
  return new HostSession({ login, salt: SALT, challenge: CHALLENGE, granted: new Set(granted) });
}

function request(
  fields: { password?: Uint8Array; username?: string; union?: LoginRequest["union"] } = {},
): PeerMessage {
  const { password = proofOf(PASSWORD), username = ID } = fields;
  const union = fields.union ?? ({ case: undefined } as const);
  return wire({ case: "loginRequest", value: { username, password, version: "1.4.9", union } as never });
}

const viewer = (): ViewerSessionMachine =>
  new ViewerSessionMachine((password, hash) => {
    const proof = password === undefined ? new Uint8Array(0) : proofOf(password);
    assert.equal(hash.challenge, CHALLENGE);
    return { case: "loginRequest", value: { username: ID, password: proof } };
  });

const errorText = (messages: PeerMessage[]): string | undefined => {
  const [message] = messages;
  return message?.case === "loginResponse" && message.value.union.case === "error"
    ? message.value.union.value
    : undefined;
};

const mouse: PeerMessage = wire({ case: "mouseEvent", value: { mask: 9 } });

test("a host begins with the challenge, then the permissions that are off, in the stock order", () => {
  const messages = sent(host(["keyboard", "file"]).handle({ type: "start" }, 0));
  assert.equal(messages[0]?.case, "hash");
  const refused = messages
    .slice(1)
    .map((m) => (m.case === "misc" && m.value.union.case === "permissionInfo" ? m.value.union.value : undefined));
  assert.deepEqual(
    refused.map((info) => [info?.permission, info?.enabled]),
    [2, 3, 5, 6, 7, 8].map((permission) => [permission, false]),
  );
});

test("the right password admits, and only then input is delivered", () => {
  const session = host();
  session.handle({ type: "start" }, 0);
  assert.deepEqual(session.handle({ type: "received", message: mouse }, 1), [
    { type: "turnedAway", key: "mouseEvent", verdict: "not-logged-in" },
  ]);
  const [effect] = session.handle({ type: "received", message: request() }, 2);
  assert.equal(effect?.type, "admit");
  const [delivered] = session.handle({ type: "received", message: mouse }, 3);
  assert.equal(delivered?.type, "deliver");
});

test("a wrong password is answered with the stock text, and the next one may be right", () => {
  const session = host();
  session.handle({ type: "start" }, 0);
  const effects = session.handle({ type: "received", message: request({ password: proofOf("wrong") }) }, 1);
  assert.equal(errorText(sent(effects)), LoginError.wrongPassword);
  assert.ok(effects.some((effect) => effect.type === "missed" && effect.what === "password"));
  assert.equal(session.handle({ type: "received", message: mouse }, 2)[0]?.type, "turnedAway");
  assert.equal(session.handle({ type: "received", message: request() }, 3)[0]?.type, "admit");
});

test("an empty password is no attempt: the host stays silent and waits", () => {
  const session = host();
  session.handle({ type: "start" }, 0);
  assert.deepEqual(session.handle({ type: "received", message: request({ password: new Uint8Array(0) }) }, 1), []);
});

test("after three failures each further one makes the pause longer, and the right password has to wait as well", () => {
  const house = new House();
  const session = host(ANNOUNCEABLE, house);
  session.handle({ type: "start" }, 0);
  const login = (password: string): string | undefined =>
    errorText(sent(session.handle({ type: "received", message: request({ password: proofOf(password) }) }, 1)));
  for (let i = 0; i < 3; i++) assert.equal(login("wrong"), LoginError.wrongPassword);
  for (const password of ["wrong", PASSWORD]) assert.equal(login(password), LoginError.tryLater);
  house.time += 2_000;
  assert.equal(login("wrong"), LoginError.wrongPassword);
  house.time += 3_999;
  assert.equal(login(PASSWORD), LoginError.tryLater);
  house.time += 1;
  assert.equal(login(PASSWORD), undefined);
});

test("a login for another ID ends with Offline", () => {
  const session = host();
  session.handle({ type: "start" }, 0);
  const effects = session.handle({ type: "received", message: request({ username: "999999999" }) }, 1);
  assert.equal(errorText(sent(effects)), LoginError.offline);
  assert.equal(effects.at(-1)?.type, "finish");
});

test("kinds of session that the host does not grant end with their stock text", () => {
  for (const [union, text] of [
    [{ case: "fileTransfer", value: {} }, LoginError.noFileTransfer],
    [{ case: "viewCamera", value: {} }, LoginError.noCamera],
    [{ case: "terminal", value: {} }, LoginError.noTerminal],
    [{ case: "portForward", value: {} }, LoginError.noTunnel],
  ] as const) {
    const session = host(["keyboard"]);
    session.handle({ type: "start" }, 0);
    const effects = session.handle({ type: "received", message: request({ union: union as never }) }, 1);
    assert.equal(errorText(sent(effects)), text);
    assert.equal(effects.at(-1)?.type, "finish");
  }
});

test("a second login request after success changes nothing", () => {
  const session = host();
  session.handle({ type: "start" }, 0);
  session.handle({ type: "received", message: request() }, 1);
  assert.deepEqual(session.handle({ type: "received", message: request({ password: proofOf("wrong") }) }, 2), []);
});

test("a second factor nobody asked for and a side switch nobody proposed are ignored", () => {
  const session = host();
  session.handle({ type: "start" }, 0);
  const code = wire({ case: "auth2fa", value: { code: CODE } });
  assert.deepEqual(session.handle({ type: "received", message: code }, 1), []);
  const lr = { username: ID, password: proofOf(PASSWORD) };
  const side = wire({ case: "switchSidesResponse", value: { uuid: new Uint8Array(16), lr } });
  assert.equal(session.handle({ type: "received", message: side }, 1)[0]?.type, "turnedAway");
  assert.equal(session.handle({ type: "received", message: mouse }, 2)[0]?.type, "turnedAway");
});

test("the host probes each second, measures the echo, and gives up after 30 s of silence", () => {
  const session = host();
  session.handle({ type: "start" }, 0);
  const [probe] = sent(session.handle({ type: "timeout" }, 0));
  assert.equal(probe?.case, "testDelay");
  assert.deepEqual(session.handle({ type: "received", message: probe as PeerMessage }, 40), [
    { type: "measured", delay: 40 },
  ]);
  assert.equal(session.deadline, 1000);
  const [second] = sent(session.handle({ type: "timeout" }, 1000));
  assert.equal(second?.case === "testDelay" && second.value.lastDelay, 40);
  assert.equal(session.deadline, 30_040);
  assert.deepEqual(session.handle({ type: "timeout" }, 30_040), [{ type: "finish", outcome: { type: "silent" } }]);
});

test("a probe of the viewer's own comes back unchanged, before login too", () => {
  const session = host();
  session.handle({ type: "start" }, 0);
  const probe = wire({ case: "testDelay", value: { time: 77n, fromClient: true } });
  const [echo] = sent(session.handle({ type: "received", message: probe }, 1));
  assert.deepEqual(echo, probe);
});

test("a viewer that never logs in is sent away, however lively it is", () => {
  const session = host();
  session.handle({ type: "start" }, 0);
  for (let now = 0; now < 180_000; now += 1000) {
    session.handle({ type: "received", message: wire({ case: "testDelay", value: { fromClient: true } }) }, now);
    session.handle({ type: "timeout" }, now);
  }
  assert.deepEqual(session.handle({ type: "timeout" }, 180_000), [
    { type: "finish", outcome: { type: "login-timeout" } },
  ]);
});

test("a permission that is withdrawn is announced and stops input at once", () => {
  const session = host();
  session.handle({ type: "start" }, 0);
  session.handle({ type: "received", message: request() }, 1);
  const without = new Set(ANNOUNCEABLE.filter((permission) => permission !== "keyboard"));
  const messages = sent(session.handle({ type: "granted", permissions: without }, 2));
  assert.equal(messages.length, 1);
  assert.deepEqual(session.handle({ type: "received", message: mouse }, 3), [
    { type: "turnedAway", key: "mouseEvent", verdict: "no-permission" },
  ]);
});

test("a viewer without a password asks for one and lets the host know that it is there", () => {
  const machine = viewer();
  machine.handle({ type: "start", password: undefined }, 0);
  const hash = wire({ case: "hash", value: { salt: SALT, challenge: CHALLENGE } });
  const effects = machine.handle({ type: "received", message: hash }, 1);
  assert.deepEqual(effects.at(-1), { type: "askPassword", why: "required" });
  const [login] = sent(effects);
  assert.equal(login?.case === "loginRequest" && login.value.password.length, 0);
});

test("a second challenge on one connection is a violation", () => {
  const machine = viewer();
  machine.handle({ type: "start", password: "x" }, 0);
  const hash = wire({ case: "hash", value: { salt: SALT, challenge: CHALLENGE } });
  machine.handle({ type: "received", message: hash }, 1);
  assert.throws(() => machine.handle({ type: "received", message: hash }, 2), { code: "unexpected-message" });
});

test("each login error means to the viewer what the specification says", () => {
  const ask = (text: string): ViewerSessionEffect | undefined => {
    const machine = viewer();
    machine.handle({ type: "start", password: "x" }, 0);
    machine.handle(
      { type: "received", message: wire({ case: "hash", value: { salt: SALT, challenge: CHALLENGE } }) },
      1,
    );
    const message = wire({ case: "loginResponse", value: { union: { case: "error", value: text } } });
    return machine.handle({ type: "received", message }, 2)[0];
  };
  assert.deepEqual(ask(LoginError.wrongPassword), { type: "askPassword", why: "wrong" });
  assert.deepEqual(ask(LoginError.waitForAcceptance), { type: "waitForAcceptance" });
  assert.equal(ask(LoginError.tryLater)?.type, "throttled");
  assert.deepEqual(ask("No!"), { type: "finish", outcome: { type: "refused", text: "No!" } });
});

test("a viewer sends nothing of its own before login", () => {
  const machine = viewer();
  machine.handle({ type: "start", password: "x" }, 0);
  assert.deepEqual(machine.handle({ type: "composed", message: { case: "mouseEvent", value: { mask: 9 } } }, 1), []);
});

test("viewer and host, talking to each other, end up connected", () => {
  const hostSide = host();
  const viewerSide = viewer();
  const toViewer = sent(hostSide.handle({ type: "start" }, 0));
  viewerSide.handle({ type: "start", password: PASSWORD }, 0);
  let connected = false;
  for (let now = 1; toViewer.length > 0; now++) {
    const effects = viewerSide.handle({ type: "received", message: toViewer.shift() as PeerMessage }, now);
    connected ||= effects.some((effect) => effect.type === "connected");
    for (const message of sent(effects)) {
      for (const effect of hostSide.handle({ type: "received", message }, now)) {
        if (effect.type === "send") toViewer.push(wire(effect.message));
        if (effect.type === "admit") {
          const peerInfo = { displays: [{ width: 640, height: 480 }], version: "1.4.9" };
          toViewer.push(wire({ case: "loginResponse", value: { union: { case: "peerInfo", value: peerInfo } } }));
        }
      }
    }
  }
  assert.ok(connected);
});
