import type { LoginRequest, PeerMessageInit } from "@pulpit/wire";
import type { Millis } from "../machine.ts";
import type { Scope } from "../session/gate.ts";
import type { Permission } from "../session/permissions.ts";
import type { Attempts } from "./attempts.ts";
import { LoginError } from "./texts.ts";

/** How a viewer got in: the visible one-time password, the owner's own, or back into a session that broke. */
export type LoginBy = "one-time" | "permanent" | "recent";

/** Which password the request's proof belongs to; undefined when to none. Must compare in constant time. */
export type VerifyProof = (request: LoginRequest, challenge: string, now: Millis) => LoginBy | undefined;

/** What the host does next about a login request. */
export type LoginVerdict =
  | {
      readonly type: "admit";
      readonly scope: Scope;
      readonly by: LoginBy;
      readonly request: LoginRequest;
    }
  /** Answer with an error and wait for another request. */
  | { readonly type: "retry"; readonly message: PeerMessageInit; readonly wrongPassword: boolean }
  /** Answer with an error and close. */
  | { readonly type: "reject"; readonly message: PeerMessageInit; readonly why: string }
  /** No password was offered: stay connected and silent. */
  | { readonly type: "wait" };

/** Kinds that need a permission of their own, and what to say when it is missing (session.md, section 5). */
const NEEDED: Readonly<Record<Exclude<Scope, "desktop">, readonly [Permission, string]>> = {
  files: ["file", LoginError.noFileTransfer],
  camera: ["camera", LoginError.noCamera],
  terminal: ["terminal", LoginError.noTerminal],
  tunnel: ["tunnel", LoginError.noTunnel],
};

export interface HostLoginOptions {
  readonly id: string;
  readonly challenge: string;
  /** Source address, for counting failures. */
  readonly address: string;
  readonly attempts: Attempts;
  readonly verify: VerifyProof;
  /** Kinds of session this host offers, besides the desktop. */
  readonly granted: ReadonlySet<Permission>;
}

/** The host's decision about one login request. Source: docs/protocol/session.md, section 5. */
export class HostLogin {
  readonly #options: HostLoginOptions;

  constructor(options: HostLoginOptions) {
    this.#options = options;
  }

  judge(request: LoginRequest, now: Millis): LoginVerdict {
    const { id, challenge, address, attempts, verify, granted } = this.#options;
    const scope = scopeOf(request);
    if (scope !== "desktop") {
      const [permission, text] = NEEDED[scope];
      if (!granted.has(permission)) return reject(text, "kind-refused");
    }
    if (request.username !== id) return reject(LoginError.offline, "other-id");
    if (request.password.length === 0) return { type: "wait" };
    const blocked = attempts.blocked(address, now);
    if (blocked !== undefined) {
      return retry(blocked === "minute" ? LoginError.tryLater : LoginError.tooManyAttempts, false);
    }
    const by = verify(request, challenge, now);
    if (by === undefined) {
      attempts.failed(address, now);
      return retry(LoginError.wrongPassword, true);
    }
    attempts.succeeded(address);
    return { type: "admit", scope, by, request };
  }
}

function scopeOf(request: LoginRequest): Scope {
  switch (request.union.case) {
    case "fileTransfer":
      return "files";
    case "viewCamera":
      return "camera";
    case "terminal":
      return "terminal";
    case "portForward":
      return "tunnel";
    case undefined:
      return "desktop";
  }
}

function answer(text: string): PeerMessageInit {
  return { case: "loginResponse", value: { union: { case: "error", value: text } } };
}

function retry(text: string, wrongPassword: boolean): LoginVerdict {
  return { type: "retry", message: answer(text), wrongPassword };
}

function reject(text: string, why: string): LoginVerdict {
  return { type: "reject", message: answer(text), why };
}
