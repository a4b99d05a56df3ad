import type { PeerMessage, PeerMessageInit } from "@pulpit/wire";
import type { HostLogin, LoginStep } from "../login/host.ts";
import { Farewell } from "../login/texts.ts";
import type { Machine, Millis } from "../machine.ts";
import { judge, type Scope, type Standing, type Verdict } from "./gate.ts";
import { Idleness } from "./idleness.ts";
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
  /** The person at the machine, or the time they had, has decided about the login. */
  | { readonly type: "answered"; readonly answer: "accept" | "deny" | "silence" }
  /** The host ends the session; `farewell` is shown to the viewer. */
  | { readonly type: "dismissed"; readonly farewell: string };

/** Why a session is over, for the log. */
export type HostSessionEnd =
  | { readonly type: "left"; readonly farewell: string }
  | { readonly type: "silent" }
  | { readonly type: "login-timeout" }
  /** Nobody touched it for as long as the owner allows. */
  | { readonly type: "idle" }
  | { readonly type: "rejected"; readonly why: string }
  | { readonly type: "dismissed" };

export type HostSessionEffect =
  | { readonly type: "send"; readonly message: PeerMessageInit }
  /** `admit`: whoever performs it answers with the description of the host before anything else. */
  | Exclude<LoginStep, { type: "reject" }>
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
  readonly #idleAfter: () => Millis;
  #liveness: HostLiveness | undefined;
  #idleness: Idleness | undefined;
  #loginBy: Millis | undefined;
  #scope: Scope | undefined;

  constructor(options: {
    readonly login: HostLogin;
    readonly salt: string;
    readonly challenge: string;
    readonly granted: ReadonlySet<Permission>;
    /** A desktop session without input ends after this, ms; 0 (and by default): never. */
    readonly idleAfter?: () => Millis;
  }) {
    this.#login = options.login;
    this.#challenge = { salt: options.salt, challenge: options.challenge };
    this.#granted = options.granted;
    this.#idleAfter = options.idleAfter ?? (() => 0);
  }

  get deadline(): Millis | undefined {
    if (this.#liveness === undefined) return undefined;
    const never = Number.POSITIVE_INFINITY;
    return Math.min(this.#liveness.deadline, this.#loginBy ?? never, this.#idleness?.deadline ?? never);
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
      case "answered":
        return this.#stepped(this.#login.answered(input.answer), now);
      case "dismissed":
        return [farewell(input.farewell), finish({ type: "dismissed" })];
    }
  }

  #timeout(now: Millis): readonly HostSessionEffect[] {
    if (this.#loginBy !== undefined && now >= this.#loginBy) return [finish({ type: "login-timeout" })];
    if (this.#idleness !== undefined && now >= this.#idleness.deadline) {
      return [farewell(Farewell.inactive), finish({ type: "idle" })];
    }
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
      // A second request after success is ignored (session.md, section 1, rule 5), and so is a code.
      case "loginRequest":
        return this.#scope === undefined ? this.#stepped(this.#login.requested(message.value), now) : [];
      case "auth2fa":
        return this.#scope === undefined ? this.#stepped(this.#login.coded(message.value), now) : [];
      case "misc":
        if (message.value.union.case === "closeReason") {
          return [finish({ type: "left", farewell: message.value.union.value })];
        }
        break;
      // No side switch is ever pending on this host (section 22, row 17).
      case "switchSidesResponse":
        return [{ type: "turnedAway", key, verdict: "ignore" }];
    }
    this.#idleness?.heard(key, now);
    return [{ type: "deliver", key, message, standing }];
  }

  #stepped(steps: readonly LoginStep[], now: Millis): readonly HostSessionEffect[] {
    return steps.flatMap((step): readonly HostSessionEffect[] => {
      if (step.type === "reject") {
        return [{ type: "send", message: step.message }, finish({ type: "rejected", why: step.why })];
      }
      if (step.type === "admit") {
        this.#scope = step.scope;
        this.#loginBy = undefined;
        if (step.scope === "desktop") this.#idleness = new Idleness(this.#idleAfter, now);
      }
      return [step];
    });
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
