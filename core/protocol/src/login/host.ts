import type { Auth2FA, LoginRequest, PeerMessageInit } from "@pulpit/wire";
import type { Scope } from "../session/gate.ts";
import { parseTarget } from "../target/parse.ts";
import { versionNumber } from "../version.ts";
import { pauseText, refusal } from "./answers.ts";
import { intentOf, notOffered, scopeOf } from "./kinds.ts";
import type { LoginBy, LoginHouse, SecondFactorBy } from "./rules.ts";
import { Farewell, LoginError } from "./texts.ts";

/** Viewers before this don't know "No Password Access" (docs/protocol/session.md, section 20.2). */
const KNOWS_WAITING = versionNumber("1.2.0");

/** What the host does next about a viewer that is not in yet. */
export type LoginStep =
  | { readonly type: "send"; readonly message: PeerMessageInit }
  /** Ask the person at the machine. `passwordGiven`: password and code were right, and a click is wanted as well. */
  | { readonly type: "ask"; readonly request: LoginRequest; readonly scope: Scope; readonly passwordGiven: boolean }
  /** The question is no longer one. */
  | { readonly type: "withdraw" }
  /** For the journal, and for the one-time password, which wears out. */
  | { readonly type: "missed"; readonly what: "password" | "code" | "blocked" }
  | {
      readonly type: "admit";
      readonly request: LoginRequest;
      readonly scope: Scope;
      readonly by: LoginBy;
      readonly secondFactor: SecondFactorBy;
    }
  /** The end of this connection. */
  | { readonly type: "reject"; readonly message: PeerMessageInit; readonly why: string };

/** What was shown so far, when it was enough to be asked for more. */
interface Passed {
  readonly request: LoginRequest;
  readonly by: LoginBy;
}

/**
 * The host's decision about one connection: requests, codes and the person's answer, in whatever order they come.
 * Source: docs/protocol/session.md, sections 5, 10 and 22.
 */
export class HostLogin {
  readonly #id: string;
  readonly #address: string;
  readonly #house: LoginHouse;
  readonly #byAddress: boolean;
  #intent: string | undefined;
  /** A code is waited for, after the password (or the click) that is written down here, and never without. */
  #awaitingCode: Passed | undefined;
  /** Wants to be trusted from now on, once it is in. */
  #trustee: Uint8Array | undefined;
  /** The person is being asked. */
  #asking:
    | { readonly request: LoginRequest; readonly after: Passed | undefined; readonly code: SecondFactorBy }
    | undefined;

  /**
   * `id`: of this host. `address`: where the viewer comes from; empty when unknown. `byAddress`: it came to an address
   * of this host, so it may call it by one.
   */
  constructor(id: string, address: string, house: LoginHouse, options: { readonly byAddress?: boolean } = {}) {
    this.#id = id;
    this.#address = address;
    this.#house = house;
    this.#byAddress = options.byAddress ?? false;
  }

  requested(request: LoginRequest): readonly LoginStep[] {
    const rules = this.#house.rules();
    // Whoever has given a right password has said all there is to say but the code.
    if (this.#awaitingCode !== undefined || this.#asking?.after !== undefined) return [];
    this.#intent ??= intentOf(request);
    if (this.#intent !== intentOf(request)) return [rejection(LoginError.notAllowed, "kind-changed")];
    if (!rules.admitsId(request.myId)) {
      const { attempts, wall } = this.#house;
      // Counted only while it would be looked at: one address must not use up what all strangers may get wrong.
      if (attempts.blocked(this.#address, wall()) === undefined) attempts.failed(this.#address, wall());
      return [rejection(LoginError.idBlocked, "id-blocked")];
    }
    const missing = notOffered(scopeOf(request), rules.granted);
    if (missing !== undefined) return [rejection(missing, "kind-refused")];
    if (!this.#isMeant(request.username)) return [rejection(LoginError.offline, "other-id")];
    const clickOnly = rules.approval === "click" || (rules.approval === "either" && !rules.hasPassword);
    if (clickOnly) return this.#ask(request, undefined, "none");
    if (request.password.length === 0) return rules.approval === "either" ? this.#ask(request, undefined, "none") : [];
    return this.#prove(request);
  }

  /** A code counts only while one is waited for (section 22, row 8). */
  coded({ code, hwid }: Auth2FA): readonly LoginStep[] {
    const passed = this.#awaitingCode;
    if (passed === undefined) return [];
    const { codes, wall, matchCode } = this.#house;
    const blocked = codes.blocked(this.#address, wall());
    if (blocked !== undefined) return [send(refusal(pauseText(blocked))), { type: "missed", what: "blocked" }];
    const by = matchCode(code);
    if (by === undefined) {
      codes.failed(this.#address, wall());
      return [send(refusal(LoginError.wrongSecondFactor)), { type: "missed", what: "code" }];
    }
    this.#awaitingCode = undefined;
    if (hwid.length > 0) this.#trustee = hwid;
    return this.#proven(passed, by);
  }

  /** What the person said; `silence`: nothing, and the time is over. */
  answered(answer: "accept" | "deny" | "silence"): readonly LoginStep[] {
    const asking = this.#asking;
    if (asking === undefined) return [];
    this.#asking = undefined;
    const { questions, wall, rules } = this.#house;
    if (answer !== "accept") {
      questions.failed(this.#address, wall());
      const closeReason = { union: { case: "closeReason" as const, value: Farewell.closedByPerson } };
      return [
        {
          type: "reject",
          message: { case: "misc", value: closeReason },
          why: answer === "deny" ? "denied" : "not-answered",
        },
      ];
    }
    if (asking.after !== undefined) return this.#admit(asking.after, asking.code);
    const passed: Passed = { request: asking.request, by: "click" };
    if (rules().wantsCode && rules().clickNeedsCode) return this.#wantCode(passed);
    return this.#admit(passed, "none");
  }

  /** The viewer has gone; to ask and to run away counts like a no. */
  gone(): void {
    if (this.#asking !== undefined) this.#house.questions.failed(this.#address, this.#house.wall());
    this.#asking = undefined;
  }

  /** Source: docs/protocol/session.md, section 5, direct forms; section 22, row 13. */
  #isMeant(name: string): boolean {
    if (name === this.#id) return true;
    const parsed = this.#byAddress ? parseTarget(name) : undefined;
    return parsed?.type === "parsed" && parsed.target.type === "address" && !parsed.fromLink;
  }

  #prove(request: LoginRequest): readonly LoginStep[] {
    const { attempts, wall, matchProof } = this.#house;
    const blocked = attempts.blocked(this.#address, wall());
    if (blocked !== undefined) return [send(refusal(pauseText(blocked))), { type: "missed", what: "blocked" }];
    const match = matchProof(request);
    if (match === undefined) {
      attempts.failed(this.#address, wall());
      return [send(refusal(LoginError.wrongPassword)), { type: "missed", what: "password" }];
    }
    const passed: Passed = { request, by: match.by };
    if (this.#house.rules().wantsCode && !match.codePassed) return this.#wantCode(passed);
    return this.#proven(passed, match.codePassed ? "recent" : "none");
  }

  #wantCode(passed: Passed): readonly LoginStep[] {
    const { isTrusted, rules } = this.#house;
    if (rules().mayTrust && isTrusted(passed.request)) return this.#proven(passed, "trusted");
    this.#awaitingCode = passed;
    return [...this.#withdraw(), send(refusal(LoginError.secondFactorRequired, rules().mayTrust))];
  }

  /** A question that was open for want of a password is answered by one. */
  #withdraw(): readonly LoginStep[] {
    if (this.#asking === undefined) return [];
    this.#asking = undefined;
    return [{ type: "withdraw" }];
  }

  /** Password and code are right; the person may have to say yes as well, once per session. */
  #proven(passed: Passed, code: SecondFactorBy): readonly LoginStep[] {
    const askToo = this.#house.rules().approval === "both" && passed.by !== "recent" && passed.by !== "click";
    return askToo ? this.#ask(passed.request, passed, code) : this.#admit(passed, code);
  }

  #ask(request: LoginRequest, after: Passed | undefined, code: SecondFactorBy): readonly LoginStep[] {
    if (this.#asking !== undefined && after === undefined) return [];
    const before = this.#withdraw();
    const { questions, wall } = this.#house;
    // A viewer that may still give a password hears nothing: it shows its password field.
    const silent = after === undefined && this.#house.rules().approval === "either" && this.#house.rules().hasPassword;
    const blocked = questions.blocked(this.#address, wall());
    if (blocked !== undefined) {
      return [...before, ...(silent ? [] : [send(refusal(pauseText(blocked)))]), { type: "missed", what: "blocked" }];
    }
    this.#asking = { request, after, code };
    const ask: LoginStep = { type: "ask", request, scope: scopeOf(request), passwordGiven: after !== undefined };
    if (silent || versionNumber(request.version) < KNOWS_WAITING) return [...before, ask];
    return [...before, send(refusal(LoginError.waitForAcceptance)), ask];
  }

  #admit({ request, by }: Passed, secondFactor: SecondFactorBy): readonly LoginStep[] {
    const { attempts, codes, questions, wall, rules, trust } = this.#house;
    if (this.#trustee !== undefined && rules().mayTrust) trust(request, this.#trustee);
    for (const counters of [attempts, codes, questions]) counters.succeeded(this.#address, wall());
    return [...this.#withdraw(), { type: "admit", request, scope: scopeOf(request), by, secondFactor }];
  }
}

function send(message: PeerMessageInit): LoginStep {
  return { type: "send", message };
}

function rejection(text: string, why: string): LoginStep {
  return { type: "reject", message: refusal(text), why };
}
