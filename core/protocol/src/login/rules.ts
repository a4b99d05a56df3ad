import type { Auth2FA, LoginRequest } from "@pulpit/wire";
import type { Millis } from "../machine.ts";
import type { Permission } from "../session/permissions.ts";
import type { Attempts } from "./attempts.ts";

/** How a session is approved: one of the two, either of them, or the password and then the person. */
export type Approval = "password" | "click" | "either" | "both";

/** How a viewer got in: by the visible one-time password, the owner's own, back into a session that broke, or a click. */
export type LoginBy = "one-time" | "permanent" | "recent" | "click";

/** What stood in for the second factor, or that none was wanted. */
export type SecondFactorBy = "none" | "code" | "recovery" | "trusted" | "recent";

/** What the owner has decided, as it is now. */
export interface LoginRules {
  readonly approval: Approval;
  /** There is a password that could let somebody in. */
  readonly hasPassword: boolean;
  readonly wantsCode: boolean;
  /** Devices may be remembered. */
  readonly mayTrust: boolean;
  /** A click does not replace the code. */
  readonly clickNeedsCode: boolean;
  /** What a session may do; decides which kinds are offered. */
  readonly granted: ReadonlySet<Permission>;
  readonly admitsId: (id: string) => boolean;
}

/** Which password a proof belongs to. `codePassed`: it takes up a session that had passed the second factor. */
export interface ProofMatch {
  readonly by: Exclude<LoginBy, "click">;
  readonly codePassed: boolean;
}

/** What the login of one connection asks of its host. Compares secrets in constant time; times are Unix time. */
export interface LoginHouse {
  readonly rules: () => LoginRules;
  /** Wrong passwords … */
  readonly attempts: Attempts;
  /** … wrong codes … */
  readonly codes: Attempts;
  /** … and questions to the person that were answered with no, each with counters of their own. */
  readonly questions: Attempts;
  readonly wall: () => Millis;
  /** Undefined when the proof belongs to no password that holds. */
  readonly matchProof: (request: LoginRequest) => ProofMatch | undefined;
  /** Undefined for a wrong code. A code is used up by this. */
  readonly matchCode: (code: string) => "code" | "recovery" | undefined;
  readonly isTrusted: (request: LoginRequest) => boolean;
  readonly trust: (request: LoginRequest, hwid: Auth2FA["hwid"]) => void;
}
