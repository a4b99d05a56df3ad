import type { Hash, LoginResponse, PeerInfo, PeerMessage, PeerMessageInit } from "@pulpit/wire";
import { ProtocolError } from "../errors.ts";
import { LoginError } from "../login/texts.ts";
import type { Machine, Millis } from "../machine.ts";
import { judgeFromHost, type Scope } from "./gate.ts";
import { type MessageKey, messageKey } from "./message-key.ts";

/** The host's first frame has to come within this, ms (docs/protocol/session.md, section 9.3). */
const HASH_TIMEOUT = 18_000;
/** On a path that may break unnoticed: after this much silence the viewer asks whether anybody is there, ms … */
const PROBE_AFTER = 1000;
/** … and without an answer within this the path is dead, ms. */
const PROBE_ANSWER = 2000;
/** A host that probes every second and is silent for this long is gone, ms. */
const SILENCE_LIMIT = 30_000;

/** How long the host wants to be left alone, by its text (section 6.2). */
const PAUSES: ReadonlyMap<string, "minute" | "long"> = new Map([
  [LoginError.tryLater, "minute"],
  [LoginError.tooManyAttempts, "long"],
  ...[64, 56, 48].map((bits) => [`${LoginError.tooManyFromPrefix}${bits}`, "long"] as const),
]);

/** Errors after which a login goes on; they make no sense to somebody who has not asked yet. */
const PART_OF_LOGIN: ReadonlySet<string> = new Set([
  LoginError.wrongPassword,
  LoginError.emptyPassword,
  LoginError.waitForAcceptance,
  LoginError.secondFactorRequired,
  LoginError.wrongSecondFactor,
]);

/** A login request with the proof for this challenge; built by the caller, who knows password and options. */
export type BuildLogin = (password: string | undefined, hash: Hash) => PeerMessageInit & { case: "loginRequest" };

export type ViewerSessionInput =
  | { readonly type: "start"; readonly password: string | undefined }
  | { readonly type: "received"; readonly message: PeerMessage }
  | { readonly type: "timeout" }
  /** Dropped unless the host waits for one; the same goes for a code. */
  | { readonly type: "passwordEntered"; readonly password: string }
  /** Of an authenticator, or a recovery code. `deviceSecret`: 32 bytes if the host shall trust this device. */
  | { readonly type: "codeEntered"; readonly code: string; readonly deviceSecret: Uint8Array | undefined }
  /** A message of the person here: input, options. Dropped before login. */
  | { readonly type: "composed"; readonly message: PeerMessageInit }
  | { readonly type: "left" };

export type ViewerSessionEnd =
  | { readonly type: "left" }
  | { readonly type: "dismissed"; readonly farewell: string }
  | { readonly type: "refused"; readonly text: string }
  | { readonly type: "silent" }
  | { readonly type: "no-displays" };

export type ViewerSessionEffect =
  | { readonly type: "send"; readonly message: PeerMessageInit }
  | { readonly type: "askPassword"; readonly why: "required" | "wrong" }
  | { readonly type: "waitForAcceptance" }
  /** `mayTrust`: the host offers to remember this device. */
  | { readonly type: "askSecondFactor"; readonly why: "required" | "wrong"; readonly mayTrust: boolean }
  /** The host wants a pause before another `of`: until the next minute, or until it changes its mind. */
  | {
      readonly type: "throttled";
      readonly of: "password" | "code";
      readonly pause: "minute" | "long";
      readonly mayTrust: boolean;
    }
  | { readonly type: "connected"; readonly peer: PeerInfo }
  /** Round trip as the host measured it, ms, and its encoder's target, kbit/s. */
  | { readonly type: "measured"; readonly delay: number; readonly targetBitrate: number }
  | { readonly type: "deliver"; readonly key: MessageKey; readonly message: PeerMessage }
  | { readonly type: "finish"; readonly outcome: ViewerSessionEnd };

/** One session as the viewer sees it, from the host's first application frame on. Source: docs/protocol/session.md. */
export class ViewerSessionMachine implements Machine<ViewerSessionInput, ViewerSessionEffect> {
  readonly #buildLogin: BuildLogin;
  #password: string | undefined;
  #hash: Hash | undefined;
  #scope: Scope | undefined;
  /** What the host waits for. A code goes out only to a host that has asked for one. */
  #awaited: "password" | "code" | undefined;
  /** What was sent last: this is what an answer is about. */
  #sent: "password" | "code" = "password";
  /** Undefined before the host has asked for a second factor. */
  #mayTrust: boolean | undefined;
  #deadline: Millis | undefined;
  readonly #probes: boolean;
  #isProbing = false;

  /** `probes`: silence is looked into soon, because there is another path. */
  constructor(buildLogin: BuildLogin, options: { readonly probes: boolean } = { probes: false }) {
    this.#buildLogin = buildLogin;
    this.#probes = options.probes;
  }

  get deadline(): Millis | undefined {
    return this.#deadline;
  }

  handle(input: ViewerSessionInput, now: Millis): readonly ViewerSessionEffect[] {
    switch (input.type) {
      case "start":
        this.#password = input.password;
        this.#deadline = now + HASH_TIMEOUT;
        return [];
      case "timeout":
        if (!this.#probesNow || this.#isProbing) return [finish({ type: "silent" })];
        this.#isProbing = true;
        this.#deadline = now + PROBE_ANSWER;
        return [{ type: "send", message: { case: "testDelay", value: { fromClient: true } } }];
      case "passwordEntered":
        if (this.#hash === undefined || this.#awaited !== "password") return [];
        this.#wentOut("password");
        return [{ type: "send", message: this.#buildLogin(input.password, this.#hash) }];
      case "codeEntered":
        if (this.#awaited !== "code") return [];
        this.#wentOut("code");
        return [{ type: "send", message: secondFactor(input.code, input.deviceSecret) }];
      case "composed":
        return this.#scope === undefined ? [] : [{ type: "send", message: input.message }];
      case "left":
        return [
          { type: "send", message: { case: "misc", value: { union: { case: "closeReason", value: "" } } } },
          finish({ type: "left" }),
        ];
      case "received":
        return this.#heard(input.message, now);
    }
  }

  get #probesNow(): boolean {
    return this.#probes && this.#scope !== undefined;
  }

  #heard(message: PeerMessage, now: Millis): readonly ViewerSessionEffect[] {
    const effects = this.#received(message);
    this.#isProbing = false;
    this.#deadline = now + (this.#probesNow ? PROBE_AFTER : SILENCE_LIMIT);
    return effects;
  }

  #received(message: PeerMessage): readonly ViewerSessionEffect[] {
    const key = messageKey(message);
    if (key === undefined || judgeFromHost(key, { scope: this.#scope }) !== "allow") return [];
    switch (message.case) {
      case "testDelay":
        if (message.value.fromClient) return [];
        return [
          { type: "send", message: { case: "testDelay", value: message.value } },
          { type: "measured", delay: message.value.lastDelay, targetBitrate: message.value.targetBitrate },
        ];
      case "hash":
        return this.#challenged(message.value);
      case "loginResponse":
        return this.#answered(message.value);
      case "misc":
        if (message.value.union.case === "closeReason") {
          return [finish({ type: "dismissed", farewell: message.value.union.value })];
        }
        break;
    }
    return [{ type: "deliver", key, message }];
  }

  #challenged(hash: Hash): readonly ViewerSessionEffect[] {
    // One challenge per connection: a second one would let a host collect proofs.
    if (this.#hash !== undefined) throw new ProtocolError("unexpected-message", "the host sent a second challenge");
    this.#hash = hash;
    const request: ViewerSessionEffect = { type: "send", message: this.#buildLogin(this.#password, hash) };
    const known = this.#password !== undefined || hasProof(request);
    this.#password = undefined;
    this.#awaited = known ? undefined : "password";
    // Without a password the request still goes out, so that the person at the host can accept.
    return known ? [request] : [request, { type: "askPassword", why: "required" }];
  }

  /** The host has to say what comes next. */
  #wentOut(sent: "password" | "code"): void {
    this.#sent = sent;
    this.#awaited = undefined;
  }

  #answered(response: LoginResponse): readonly ViewerSessionEffect[] {
    if (this.#scope !== undefined) return [];
    const text = response.union.case === "error" ? response.union.value : "";
    if (this.#hash === undefined) {
      // A host that filters addresses says so instead of a challenge (section 5).
      if (text !== "" && !PART_OF_LOGIN.has(text)) return [finish({ type: "refused", text })];
      throw new ProtocolError("unexpected-message", "an answer before any request");
    }
    if (response.union.case === "peerInfo") {
      if (response.union.value.displays.length === 0) return [finish({ type: "no-displays" })];
      this.#scope = "desktop";
      this.#awaited = undefined;
      return [{ type: "connected", peer: response.union.value }];
    }
    return this.#refused(text, response.enableTrustedDevices);
  }

  #refused(text: string, mayTrust: boolean): readonly ViewerSessionEffect[] {
    switch (text) {
      case LoginError.wrongPassword:
      case LoginError.emptyPassword:
        this.#awaited = "password";
        return [{ type: "askPassword", why: text === LoginError.wrongPassword ? "wrong" : "required" }];
      case LoginError.waitForAcceptance:
        this.#awaited = "password";
        return [{ type: "waitForAcceptance" }];
      case LoginError.secondFactorRequired:
        return this.#askCode("required", mayTrust);
      case LoginError.wrongSecondFactor:
        if (this.#mayTrust === undefined) {
          throw new ProtocolError("unexpected-message", "the host judged a code that it never asked for");
        }
        return this.#askCode("wrong", this.#mayTrust);
    }
    const pause = PAUSES.get(text);
    if (pause === undefined) return [finish({ type: "refused", text })];
    this.#awaited = this.#sent;
    return [{ type: "throttled", of: this.#sent, pause, mayTrust: this.#mayTrust === true }];
  }

  #askCode(why: "required" | "wrong", mayTrust: boolean): readonly ViewerSessionEffect[] {
    this.#mayTrust = mayTrust;
    this.#awaited = "code";
    return [{ type: "askSecondFactor", why, mayTrust }];
  }
}

function secondFactor(code: string, deviceSecret: Uint8Array | undefined): PeerMessageInit {
  return { case: "auth2fa", value: { code, hwid: deviceSecret ?? new Uint8Array(0) } };
}

/** A password of before is known to who builds the request. */
function hasProof(effect: ViewerSessionEffect): boolean {
  if (effect.type !== "send" || effect.message.case !== "loginRequest") return false;
  return (effect.message.value.password?.length ?? 0) > 0;
}

function finish(outcome: ViewerSessionEnd): ViewerSessionEffect {
  return { type: "finish", outcome };
}
