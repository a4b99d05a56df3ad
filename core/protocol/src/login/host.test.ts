import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { House } from "../../test/house.ts";
import { ADDRESS, acted, ID, loginRequest, told } from "../../test/login-story.ts";
import { HostLogin } from "./host.ts";
import type { Approval, LoginRules } from "./rules.ts";

const WRONG = ["says Wrong Password", "misses password"];
const WAIT = "says No Password Access";
const CODE_WANTED = "says 2FA Required";
const WRONG_CODE = ["says Wrong 2FA Code", "misses code"];
const DENIED = "rejects denied";

/** What the owner decided, apart from how sessions are approved. */
const OFF: Partial<LoginRules> = {};
const NO_PASSWORD: Partial<LoginRules> = { hasPassword: false };
const FACTOR: Partial<LoginRules> = { wantsCode: true };
const FACTOR_FOR_CLICKS: Partial<LoginRules> = { wantsCode: true, clickNeedsCode: true };
const NO_TRUST: Partial<LoginRules> = { wantsCode: true, mayTrust: false };

type Row = readonly [approval: Approval, rules: Partial<LoginRules>, acts: string, steps: readonly string[]];

const TABLE: readonly Row[] = [
  // By password: the person is never asked.
  ["password", OFF, "login", []],
  ["password", OFF, "login wrong", WRONG],
  ["password", OFF, "login one-time", ["admits one-time none"]],
  ["password", OFF, "login permanent", ["admits permanent none"]],
  ["password", OFF, "login returning", ["admits recent recent"]],
  ["password", OFF, "login wrong, login one-time", [...WRONG, "admits one-time none"]],
  ["password", OFF, "login trusted", ["admits one-time none"]],
  ["password", OFF, "accept", []],
  ["password", OFF, "login wrong, accept", WRONG],
  ["password", OFF, "code, recovery", []],
  ["password", FACTOR, "login", []],
  ["password", FACTOR, "login wrong", WRONG],
  ["password", FACTOR, "login one-time", [CODE_WANTED]],
  ["password", FACTOR, "login one-time, code", [CODE_WANTED, "admits one-time code"]],
  ["password", FACTOR, "login permanent, recovery", [CODE_WANTED, "admits permanent recovery"]],
  ["password", FACTOR, "login one-time, wrong code, code", [CODE_WANTED, ...WRONG_CODE, "admits one-time code"]],
  ["password", FACTOR, "login one-time, login one-time, login wrong", [CODE_WANTED]],
  ["password", FACTOR, "login one-time, accept", [CODE_WANTED]],
  ["password", FACTOR, "login trusted", ["admits one-time trusted"]],
  ["password", NO_TRUST, "login trusted", [CODE_WANTED]],
  ["password", FACTOR, "login returning", ["admits recent recent"]],
  ["password", FACTOR, "login returning without code, code", [CODE_WANTED, "admits recent code"]],
  // Never a code before a password (section 22, row 8).
  ["password", FACTOR, "code", []],
  ["password", FACTOR, "recovery", []],
  ["password", FACTOR, "wrong code", []],
  ["password", FACTOR, "code, login one-time", [CODE_WANTED]],
  ["password", FACTOR, "login, code", []],
  ["password", FACTOR, "login wrong, code, recovery", WRONG],
  // A recovery code that was tried too early is not used up.
  ["password", FACTOR, "recovery, login one-time, recovery", [CODE_WANTED, "admits one-time recovery"]],

  // By click: passwords mean nothing.
  ["click", OFF, "login", [WAIT, "asks"]],
  ["click", OFF, "login one-time", [WAIT, "asks"]],
  ["click", OFF, "login wrong", [WAIT, "asks"]],
  ["click", OFF, "login returning", [WAIT, "asks"]],
  ["click", OFF, "login, accept", [WAIT, "asks", "admits click none"]],
  ["click", OFF, "login, deny", [WAIT, "asks", DENIED]],
  ["click", OFF, "login, silence", [WAIT, "asks", "rejects not-answered"]],
  ["click", OFF, "login, login, login one-time, login", [WAIT, "asks"]],
  ["click", OFF, "accept, login", [WAIT, "asks"]],
  ["click", OFF, "login, code", [WAIT, "asks"]],
  ["click", FACTOR, "login, accept", [WAIT, "asks", "admits click none"]],
  ["click", FACTOR_FOR_CLICKS, "login, accept", [WAIT, "asks", CODE_WANTED]],
  ["click", FACTOR_FOR_CLICKS, "login, code", [WAIT, "asks"]],
  ["click", FACTOR_FOR_CLICKS, "login, code, accept", [WAIT, "asks", CODE_WANTED]],
  ["click", FACTOR_FOR_CLICKS, "login, accept, code", [WAIT, "asks", CODE_WANTED, "admits click code"]],
  ["click", FACTOR_FOR_CLICKS, "login, accept, recovery", [WAIT, "asks", CODE_WANTED, "admits click recovery"]],
  ["click", FACTOR_FOR_CLICKS, "login, accept, accept", [WAIT, "asks", CODE_WANTED]],
  ["click", FACTOR_FOR_CLICKS, "login, accept, wrong code", [WAIT, "asks", CODE_WANTED, ...WRONG_CODE]],
  ["click", FACTOR_FOR_CLICKS, "login trusted, accept", [WAIT, "asks", "admits click trusted"]],

  // Either: whichever comes first.
  ["either", OFF, "login", ["asks"]],
  ["either", OFF, "login, accept", ["asks", "admits click none"]],
  ["either", OFF, "login, deny", ["asks", DENIED]],
  ["either", OFF, "login, login one-time", ["asks", "withdraws", "admits one-time none"]],
  ["either", OFF, "login, login wrong", ["asks", ...WRONG]],
  ["either", OFF, "login, login wrong, accept", ["asks", ...WRONG, "admits click none"]],
  ["either", OFF, "login wrong", WRONG],
  ["either", OFF, "login one-time", ["admits one-time none"]],
  ["either", OFF, "login returning", ["admits recent recent"]],
  ["either", NO_PASSWORD, "login", [WAIT, "asks"]],
  ["either", NO_PASSWORD, "login one-time", [WAIT, "asks"]],
  ["either", FACTOR, "login, login one-time", ["asks", "withdraws", CODE_WANTED]],
  ["either", FACTOR, "login, login one-time, accept", ["asks", "withdraws", CODE_WANTED]],
  ["either", FACTOR, "login, login one-time, code", ["asks", "withdraws", CODE_WANTED, "admits one-time code"]],
  ["either", FACTOR, "login, accept", ["asks", "admits click none"]],
  ["either", FACTOR, "login, code", ["asks"]],
  ["either", FACTOR, "login trusted", ["admits one-time trusted"]],
  ["either", FACTOR_FOR_CLICKS, "login, accept, code", ["asks", CODE_WANTED, "admits click code"]],

  // Both: the password, then the code, then the person.
  ["both", OFF, "login", []],
  ["both", OFF, "login, accept", []],
  ["both", OFF, "login wrong", WRONG],
  ["both", OFF, "login wrong, accept", WRONG],
  ["both", OFF, "login one-time", [WAIT, "asks after password"]],
  ["both", OFF, "login one-time, accept", [WAIT, "asks after password", "admits one-time none"]],
  ["both", OFF, "login one-time, deny", [WAIT, "asks after password", DENIED]],
  ["both", OFF, "login one-time, silence", [WAIT, "asks after password", "rejects not-answered"]],
  ["both", OFF, "login one-time, login one-time, login", [WAIT, "asks after password"]],
  ["both", NO_PASSWORD, "login", []],
  ["both", NO_PASSWORD, "accept", []],
  ["both", FACTOR, "login one-time", [CODE_WANTED]],
  ["both", FACTOR, "login one-time, accept", [CODE_WANTED]],
  ["both", FACTOR, "login one-time, code", [CODE_WANTED, WAIT, "asks after password"]],
  ["both", FACTOR, "login one-time, code, code", [CODE_WANTED, WAIT, "asks after password"]],
  ["both", FACTOR, "login one-time, code, accept", [CODE_WANTED, WAIT, "asks after password", "admits one-time code"]],
  ["both", FACTOR, "login one-time, code, deny", [CODE_WANTED, WAIT, "asks after password", DENIED]],
  ["both", FACTOR, "login trusted, accept", [WAIT, "asks after password", "admits one-time trusted"]],
  ["both", FACTOR_FOR_CLICKS, "login one-time, accept", [CODE_WANTED]],
  // Who comes back was clicked in before.
  ["both", OFF, "login returning", ["admits recent recent"]],
  ["both", FACTOR, "login returning without code, code", [CODE_WANTED, "admits recent code"]],
];

for (const [approval, rules, acts, steps] of TABLE) {
  test(`approval by ${approval}, ${JSON.stringify(rules)}: ${acts}`, () => {
    assert.deepEqual(acted(new House({ approval, ...rules }), acts.split(", ")), steps);
  });
}

test("a viewer that does not know the text for waiting hears nothing and waits all the same", () => {
  const house = new House({ approval: "click" });
  const ask = (version: string): string[] =>
    new HostLogin(ID, ADDRESS, house).requested(loginRequest("", { version })).map(told);
  for (const version of ["1.1.9", "", "ancient"]) assert.deepEqual(ask(version), ["asks"]);
  assert.deepEqual(ask("1.2.0"), [WAIT, "asks"]);
});

test("with the wish for a code comes whether devices may be remembered", () => {
  for (const mayTrust of [true, false]) {
    const login = new HostLogin(ID, ADDRESS, new House({ wantsCode: true, mayTrust }));
    const [step] = login.requested(loginRequest("one-time"));
    assert.ok(step?.type === "send" && step.message.case === "loginResponse");
    assert.equal(step.message.value.enableTrustedDevices, mayTrust);
  }
});

test("a device is remembered after its code was right, if it may be, and never after a wrong one", () => {
  const hwid = new Uint8Array(32).fill(9);
  for (const [mayTrust, code, remembered] of [
    [true, "123456", [hwid]],
    [true, "000000", []],
    [false, "123456", []],
  ] as const) {
    const house = new House({ wantsCode: true, mayTrust });
    const login = new HostLogin(ID, ADDRESS, house);
    login.coded({ code: "123456", hwid } as never);
    assert.deepEqual(house.trusting, []);
    login.requested(loginRequest("one-time"));
    login.coded({ code, hwid } as never);
    assert.deepEqual(house.trusting, remembered);
  }
});

const acts = [
  "login",
  "login one-time",
  "login wrong",
  "login returning",
  "login trusted",
  "code",
  "wrong code",
  "recovery",
];
const anyRules = fc.record({
  approval: fc.constantFrom<Approval>("password", "click", "either", "both"),
  ...{ hasPassword: fc.boolean(), wantsCode: fc.boolean(), mayTrust: fc.boolean(), clickNeedsCode: fc.boolean() },
});

test("in whatever order things come, nobody gets in without what the owner wants", () => {
  const story = fc.array(fc.constantFrom(...acts, "accept", "accept", "deny", "silence", "gone"), { maxLength: 12 });
  fc.assert(
    fc.property(anyRules, story, (rules, acts) => {
      const house = new House(rules);
      const login = new HostLogin(ID, ADDRESS, house);
      let open = 0;
      for (const [i, act] of acts.entries()) {
        if (act === "gone") return;
        // The machine around it hears nothing more of a connection that is rejected, in or gone.
        for (const step of acted(house, [act], login)) {
          open += step.startsWith("asks") ? 1 : 0;
          open -= step === "withdraws" || (open > 0 && ["accept", "deny", "silence"].includes(act)) ? 1 : 0;
          assert.ok(open <= 1, "one question at a time");
          if (step.startsWith("rejects")) return;
          if (!step.startsWith("admits")) continue;
          const before = acts.slice(0, i + 1);
          const [, by = "", factor = ""] = step.split(" ");
          const past = (wanted: string): boolean => before.some((each) => each === wanted);
          if (by === "click") {
            assert.ok(past("accept") && (rules.approval === "click" || rules.approval === "either"));
            if (rules.wantsCode && rules.clickNeedsCode) assert.notEqual(factor, "none");
          } else {
            assert.ok(rules.approval !== "click");
            assert.ok(past("login one-time") || past("login trusted") || past("login returning"));
            if (rules.wantsCode) assert.notEqual(factor, "none");
            if (rules.approval === "both" && by !== "recent") assert.equal(act, "accept");
          }
          if (factor === "code") assert.ok(past("code"));
          if (factor === "recovery") assert.ok(past("recovery"));
          if (factor === "trusted") assert.ok(rules.mayTrust && past("login trusted"));
          return;
        }
      }
    }),
    { numRuns: 3_000 },
  );
});
