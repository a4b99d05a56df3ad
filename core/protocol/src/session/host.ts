import type { LoginRequest, PeerMessage, PeerMessageInit } from "@pulpit/wire";
import type { HostLogin, LoginBy } from "../login/host.ts";
import type { Machine, Millis } from "../machine.ts";
import { judge, type Scope, type Standing, type Verdict } from "./gate.ts";
import { HostLiveness, type LivenessEvent } from "./liveness.ts";
import { type MessageKey, messageKey } from "./message-key.ts";
import { ANNOUNCEABLE, type Permission, permissionToWire } from "./permissions.ts";

/** A viewer that has not logged in within this is sent away, ms: waiting costs the host a socket. */
const LOGIN_TIMEOUT = 180_000;

export type HostSessionInput =
  | { readonly type: "start" }
  | { readonly type: "received"; readonly message: PeerMessage }
  | { readonly type: "timeout" }
  /** What the viewer may do has changed. */
  | { readonly type: "granted"; readonly permissions: ReadonlySet<Permission> }
  /** The host ends the session; `farewell` is shown to the viewer. */
  | { readonly type: "dismissed"; readonly farewell: string };

/** Why a session is over, for the log. */
export type HostSessionEnd =
  | { readonly type: "left"; readonly farewell: string }
  | { readonly type: "silent" }
  | { readonly type: "login-timeout" }
  | { readonly type: "rejected"; readonly why: string }
  | { readonly type: "dismissed" };

export type HostSessionEffect =
  | { readonly type: "send"; readonly message: PeerMessageInit }
  /** Password accepted: whoever performs this answers with the description of the host before anything else. */
  | {
      readonly type: "admitted";
      readonly scope: Scope;
      readonly by: LoginBy;
      readonly request: LoginRequest;
    }
  | { readonly type: "wrongPassword" }
  /** A message that passed the gate, for the feature that handles it. */
  | { readonly type: "deliver"; readonly key: MessageKey; readonly message: PeerMessage; readonly standing: Standing }
  /** The gate said no; for the log and its counters. */
  | { readonly type: "turnedAway"; readonly key: MessageKey | undefined; readonly verdict: Verdict }
  /** Round trip of the latest probe, ms. */
  | { readonly type: "measured"; readonly delay: number }
  | { readonly type: "finish"; readonly outcome: HostSessionEnd };

/**
 * One viewer's session as the host sees it, from the first application frame to the last: challenge,
 * login, then every message through the gate. Source: docs/protocol/session.md.
 */
export class HostSession implements Machine<HostSessionInput, HostSessionEffect> {
  readonly #login: HostLogin;
  readonly #challenge: { readonly salt: string; readonly challenge: string };
  #granted: ReadonlySet<Permission>;
  #liveness: HostLiveness | undefined;
  #loginBy: Millis | undefined;
  #scope: Scope | undefined;

  constructor(options: {
    readonly login: HostLogin;
    readonly salt: string;
    readonly challenge: string;
    readonly granted: ReadonlySet<Permission>;
  }) {
    this.#login = options.login;
    this.#challenge = { salt: options.salt, challenge: options.challenge };
    this.#granted = options.granted;
  }

  get deadline(): Millis | undefined {
    if (this.#liveness === undefined) return undefined;
    return Math.min(this.#liveness.deadline, this.#loginBy ?? Number.POSITIVE_INFINITY);
  }

  /** Current encoder target, kbit/s, shown by viewers. */
  set targetBitrate(kbps: number) {
    if (this.#liveness !== undefined) this.#liveness.targetBitrate = kbps;
  }

  handle(input: HostSessionInput, now: Millis): readonly HostSessionEffect[] {
    switch (input.type) {
      case "start":
        this.#liveness = new HostLiveness(now);
        this.#loginBy = now + LOGIN_TIMEOUT;
        return [
          { type: "send", message: { case: "hash", value: this.#challenge } },
          ...ANNOUNCEABLE.filter((permission) => !this.#granted.has(permission)).map((p) => announce(p, false)),
        ];
      case "timeout":
        return this.#timeout(now);
      case "received":
        this.#liveness?.heard(now);
        return this.#received(input.message, now);
      case "granted":
        return this.#regranted(input.permissions);
      case "dismissed":
        return [farewell(input.farewell), finish({ type: "dismissed" })];
    }
  }

  #timeout(now: Millis): readonly HostSessionEffect[] {
    if (this.#loginBy !== undefined && now >= this.#loginBy) return [finish({ type: "login-timeout" })];
    return (this.#liveness?.timeout(now) ?? []).map(toEffect);
  }

  #received(message: PeerMessage, now: Millis): readonly HostSessionEffect[] {
    const key = messageKey(message);
    const standing: Standing = { scope: this.#scope, granted: this.#granted };
    const verdict = judge(key, standing);
    if (verdict !== "allow" || key === undefined) return [{ type: "turnedAway", key, verdict }];
    switch (message.case) {
      case "testDelay":
        return (this.#liveness?.answered(message.value, now) ?? []).map(toEffect);
      case "loginRequest":
        return this.#asked(message.value, now);
      case "misc":
        if (message.value.union.case === "closeReason") {
          return [finish({ type: "left", farewell: message.value.union.value })];
        }
        break;
      // Second factor and side switch have nobody waiting for them on this host: ignored (session.md, section 22, row 8).
      case "auth2fa":
      case "switchSidesResponse":
        return [{ type: "turnedAway", key, verdict: "ignore" }];
    }
    return [{ type: "deliver", key, message, standing }];
  }

  #asked(request: LoginRequest, now: Millis): readonly HostSessionEffect[] {
    // A second request after success is ignored (session.md, section 1, rule 5).
    if (this.#scope !== undefined) return [];
    const verdict = this.#login.judge(request, now);
    switch (verdict.type) {
      case "admit":
        this.#scope = verdict.scope;
        this.#loginBy = undefined;
        return [{ type: "admitted", scope: verdict.scope, by: verdict.by, request: verdict.request }];
      case "retry":
        return [
          { type: "send", message: verdict.message },
          ...(verdict.wrongPassword ? [{ type: "wrongPassword" } as const] : []),
        ];
      case "reject":
        return [{ type: "send", message: verdict.message }, finish({ type: "rejected", why: verdict.why })];
      case "wait":
        return [];
    }
  }

  #regranted(permissions: ReadonlySet<Permission>): readonly HostSessionEffect[] {
    const before = this.#granted;
    this.#granted = permissions;
    return ANNOUNCEABLE.filter((p) => before.has(p) !== permissions.has(p)).map((p) => announce(p, permissions.has(p)));
  }
}

function announce(permission: Permission, enabled: boolean): HostSessionEffect {
  const wire = permissionToWire(permission) ?? 0;
  const value = { union: { case: "permissionInfo" as const, value: { permission: wire, enabled } } };
  return { type: "send", message: { case: "misc", value } };
}

function farewell(text: string): HostSessionEffect {
  return { type: "send", message: { case: "misc", value: { union: { case: "closeReason", value: text } } } };
}

function toEffect(event: LivenessEvent): HostSessionEffect {
  return event.type === "silent" ? finish({ type: "silent" }) : event;
}

function finish(outcome: HostSessionEnd): HostSessionEffect {
  return { type: "finish", outcome };
}
