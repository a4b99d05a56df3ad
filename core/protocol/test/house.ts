import type { LoginRequest } from "@pulpit/wire";
import { Attempts } from "../src/login/attempts.ts";
import type { LoginHouse, LoginRules, ProofMatch, SecondFactorBy } from "../src/login/rules.ts";
import { PERMISSIONS } from "../src/session/permissions.ts";

/** The right code and a recovery code that holds once. */
export const CODE = "123456";
export const RECOVERY = "abcde-fghjk";

/** A host's owner whose decisions are written down in the test. */
export class House implements LoginHouse {
  readonly attempts: Attempts = new Attempts();
  readonly codes: Attempts = new Attempts();
  readonly questions: Attempts = new Attempts();
  /** Unix time, ms. */
  time: number = Date.UTC(2026, 0, 1);
  decided: LoginRules;
  /** Which password a proof belongs to. */
  proofs: (request: LoginRequest) => ProofMatch | undefined;
  /** The `hwid` of the one device that is trusted. */
  readonly device: Uint8Array = new Uint8Array(32).fill(7);
  /** Devices that were remembered, by `hwid`. */
  readonly trusting: Uint8Array[] = [];
  #recovery: string[] = [RECOVERY];

  constructor(decided: Partial<LoginRules> = {}, proofs: House["proofs"] = proofText) {
    this.proofs = proofs;
    this.decided = {
      approval: "password",
      hasPassword: true,
      wantsCode: false,
      mayTrust: true,
      clickNeedsCode: false,
      granted: new Set(PERMISSIONS),
      admitsId: () => true,
      ...decided,
    };
  }

  readonly rules = (): LoginRules => this.decided;
  readonly wall = (): number => this.time;
  readonly matchProof = (request: LoginRequest): ProofMatch | undefined => this.proofs(request);
  readonly isTrusted = (request: LoginRequest): boolean =>
    request.hwid.length === this.device.length && request.hwid[0] === this.device[0];

  readonly matchCode = (code: string): Exclude<SecondFactorBy, "none" | "trusted" | "recent"> | undefined => {
    if (code === CODE) return "code";
    if (!this.#recovery.includes(code)) return undefined;
    this.#recovery = [];
    return "recovery";
  };

  readonly trust = (_: LoginRequest, hwid: Uint8Array): void => {
    this.trusting.push(hwid);
  };
}

/** Proofs that are simply the name of what they prove; `returning` had passed the second factor. */
function proofText({ password }: LoginRequest): ProofMatch | undefined {
  const text = new TextDecoder().decode(password);
  if (text === "one-time" || text === "permanent") return { by: text, codePassed: false };
  if (text === "returning") return { by: "recent", codePassed: true };
  return text === "returning without code" ? { by: "recent", codePassed: false } : undefined;
}
