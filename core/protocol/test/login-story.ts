import { decodeMessage, encodeMessage, type LoginRequest, type PeerMessageInit } from "@pulpit/wire";
import { HostLogin, type LoginStep } from "../src/login/host.ts";
import { CODE, type House, RECOVERY } from "./house.ts";

export const ID = "123456789";
export const ADDRESS = "192.0.2.1";

type LoginFields = Extract<PeerMessageInit, { case: "loginRequest" }>["value"];

/** A login request after its way over the wire; `proof` is the name of a password, or wrong, or empty. */
export function loginRequest(proof = "", fields: LoginFields = {}): LoginRequest {
  const password = new TextEncoder().encode(proof);
  const value = { username: ID, password, myId: "v", myName: "Eve", version: "1.4.9", ...fields };
  const message = decodeMessage(encodeMessage({ case: "loginRequest", value }));
  if (message.case !== "loginRequest") throw new Error("a login request came out as something else");
  return message.value;
}

/** A step in a few words: `says …`, `asks`, `asks after password`, `withdraws`, `misses …`, `admits … …`, `rejects …`. */
export function told(step: LoginStep): string {
  switch (step.type) {
    case "send":
      return `says ${errorIn(step.message)}`;
    case "ask":
      return step.passwordGiven ? "asks after password" : "asks";
    case "withdraw":
      return "withdraws";
    case "missed":
      return `misses ${step.what}`;
    case "admit":
      return `admits ${step.by} ${step.secondFactor}`;
    case "reject":
      return `rejects ${step.why}`;
  }
}

/** The text of a login error or a farewell. */
export function errorIn(message: PeerMessageInit): string {
  const value = decodeMessage(encodeMessage(message)).value as { union?: { value?: unknown } };
  return String(value.union?.value);
}

/**
 * Acts out what happens to one login, each act in a few words: `login`, `login <proof>`, `code`, `wrong code`,
 * `recovery`, `accept`, `deny`, `silence`, `gone`, `wait <ms>`. What came of all of them, in order.
 */
export function acted(
  house: House,
  acts: readonly string[],
  login: HostLogin = new HostLogin(ID, ADDRESS, house),
): string[] {
  return acts.flatMap((act) => stepsOf(act, house, login)).map(told);
}

function stepsOf(act: string, house: House, login: HostLogin): readonly LoginStep[] {
  const [what, ...rest] = act.split(" ");
  switch (what) {
    case "login": {
      const proof = rest.join(" ");
      return proof === "trusted"
        ? login.requested(loginRequest("one-time", { hwid: house.device }))
        : login.requested(loginRequest(proof));
    }
    case "code":
      return login.coded(auth(CODE));
    case "wrong":
      return login.coded(auth("000000"));
    case "recovery":
      return login.coded(auth(RECOVERY));
    case "accept":
    case "deny":
    case "silence":
      return login.answered(what);
    case "gone":
      login.gone();
      return [];
    case "wait":
      house.time += Number(rest[0]);
      return [];
    default:
      throw new Error(`no such act: ${act}`);
  }
}

function auth(code: string): Parameters<HostLogin["coded"]>[0] {
  const message = decodeMessage(encodeMessage({ case: "auth2fa", value: { code } }));
  if (message.case !== "auth2fa") throw new Error("a code came out as something else");
  return message.value;
}
