import assert from "node:assert/strict";
import { test } from "node:test";
import { House } from "../../test/house.ts";
import { ADDRESS, acted, errorIn, ID, loginRequest, told } from "../../test/login-story.ts";
import { HostLogin } from "./host.ts";

const WRONG = ["says Wrong Password", "misses password"];
const WAIT = "says No Password Access";
const PAUSE = ["says Please try 1 minute later", "misses blocked"];

test("the kind, its target and who asks are frozen by the first request", () => {
  const files = { union: { case: "fileTransfer" as const, value: { dir: "/" } } };
  const tunnel = (port: number): object => ({ union: { case: "portForward" as const, value: { host: "db", port } } });
  for (const [first, second] of [
    [{}, files],
    [files, {}],
    [files, { union: { case: "fileTransfer" as const, value: { dir: "/root" } } }],
    [tunnel(5432), tunnel(22)],
    [{ myId: "friend" }, { myId: "foe" }],
  ]) {
    const login = new HostLogin(ID, ADDRESS, new House());
    login.requested(loginRequest("wrong", first));
    assert.deepEqual(login.requested(loginRequest("one-time", second)).map(told), ["rejects kind-changed"]);
  }
  const login = new HostLogin(ID, ADDRESS, new House());
  login.requested(loginRequest("wrong", { ...files, myName: "Eve", sessionId: 1n }));
  const again = login.requested(loginRequest("one-time", { ...files, myName: "Ada", sessionId: 2n }));
  assert.deepEqual(again.map(told), ["admits one-time none"]);
});

test("what the viewer says of itself while it waits does not change whom the person let in", () => {
  const login = new HostLogin(ID, ADDRESS, new House({ approval: "click" }));
  login.requested(loginRequest("", { myName: "Ada" }));
  login.requested(loginRequest("", { myName: "Eve" }));
  const [admission] = login.answered("accept");
  assert.ok(admission?.type === "admit");
  assert.equal(admission.request.myName, "Ada");
});

test("kinds that are not offered, other IDs and IDs on the list end before any password is looked at", () => {
  const granted = new Set(["keyboard"] as const);
  const files = { union: { case: "fileTransfer" as const, value: {} } };
  for (const proof of ["", "one-time", "wrong"]) {
    for (const [rules, fields, text] of [
      [{ granted }, files, "No permission of file transfer"],
      [{}, { username: "987654321" }, "Offline"],
      // Forms that stock hosts take for themselves whoever they name (section 22, row 13).
      [{}, { username: "127.0.0.1" }, "Offline"],
      [{}, { username: "host.example.org:21118" }, "Offline"],
      [{}, { username: "" }, "Offline"],
      [{ admitsId: () => false }, {}, "Your ID is blocked by the peer"],
    ] as const) {
      const house = new House({ approval: "either", ...rules }, () => assert.fail("the password was looked at"));
      const [step] = new HostLogin(ID, ADDRESS, house).requested(loginRequest(proof, fields));
      assert.ok(step?.type === "reject");
      assert.equal(errorIn(step.message), text);
    }
  }
});

test("who is denied three times has to wait before the person is asked again", () => {
  for (const answer of ["deny", "silence", "gone"]) {
    const house = new House({ approval: "click" });
    for (let i = 0; i < 3; i++) acted(house, ["login", answer]);
    assert.deepEqual(acted(house, ["login"]), PAUSE, answer);
    assert.deepEqual(acted(house, ["wait 2000", "login"]), [WAIT, "asks"]);
  }
});

test("leaving before the answer counts once, leaving after it not again", () => {
  const house = new House({ approval: "click" });
  acted(house, ["login", "deny", "gone", "gone"]);
  acted(house, ["login", "gone", "gone"]);
  assert.equal(house.questions.snapshot().failures[0]?.[1], 2);
  acted(house, ["login", "accept", "gone"]);
  assert.deepEqual(house.questions.snapshot().failures, []);
});

test("whom the person does not want any more can still give the password, where either will do", () => {
  const house = new House({ approval: "either" });
  for (let i = 0; i < 3; i++) acted(house, ["login", "deny"]);
  // A stock viewer sends an empty proof first: an error here would keep it from ever asking for the password.
  assert.deepEqual(acted(house, ["login", "login one-time"]), ["misses blocked", "admits one-time none"]);
});

test("passwords, codes and questions are counted apart, and a pause holds up the right answer too", () => {
  const house = new House({ wantsCode: true });
  const login = new HostLogin(ID, ADDRESS, house);
  const wrongCodes = ["login one-time", "wrong code", "wrong code", "wrong code", "code"];
  assert.deepEqual(acted(house, wrongCodes, login).slice(-2), PAUSE);
  // The password of another connection is looked at.
  assert.deepEqual(acted(house, ["login wrong"]), WRONG);
  assert.deepEqual(acted(house, ["wait 2000", "code"], login), ["admits one-time code"]);
  acted(house, ["login wrong", "login wrong", "login wrong"]);
  assert.deepEqual(acted(house, ["login one-time"]), PAUSE);
});

test("a right password alone forgives no wrong codes: who knows it does not get more guesses by it", () => {
  const house = new House({ wantsCode: true });
  for (let i = 0; i < 3; i++) acted(house, ["login one-time", "wrong code"]);
  assert.deepEqual(acted(house, ["login one-time", "code"]).slice(1), [
    "says Please try 1 minute later",
    "misses blocked",
  ]);
});

test("IDs on the owner's list count as failures of their address, but can't use up what strangers may get wrong", () => {
  const house = new House({ admitsId: (id) => id !== "foe" });
  const foe = loginRequest("one-time", { myId: "foe" });
  for (let i = 0; i < 100; i++) new HostLogin(ID, ADDRESS, house).requested(foe);
  assert.deepEqual(acted(house, ["login one-time"]), PAUSE);
  const stranger = new HostLogin(ID, "203.0.113.9", house);
  assert.deepEqual(acted(house, ["login one-time"], stranger), ["admits one-time none"]);
});

test("a pause of more than a minute is told in the words for it", () => {
  const house = new House();
  for (let i = 0; i < 12; i++) house.attempts.failed(ADDRESS, house.time);
  assert.equal(acted(house, ["login one-time"])[0], "says Too many wrong attempts");
  const v6 = new House();
  for (let i = 0; i < 30; i++) v6.attempts.failed(`2001:db8::${i + 1}`, v6.time);
  const neighbour = new HostLogin(ID, "2001:db8::ff", v6);
  assert.equal(acted(v6, ["login one-time"], neighbour)[0], "says Too many wrong attempts for IPv6 prefix /64");
});
