import type { Hash, LoginResponse, PeerInfo, PeerMessage, PeerMessageInit } from "@pulpit/wire";
import { ProtocolError } from "../errors.ts";
import { LoginError } from "../login/texts.ts";
import type { Machine, Millis } from "../machine.ts";
import { judgeFromHost, type Scope } from "./gate.ts";
import { type MessageKey, messageKey } from "./message-key.ts";

/** The host's first frame has to come within this, ms (docs/protocol/session.md, section 9.3). */
const HASH_TIMEOUT = 18_000;
/** A host that probes every second and is silent for this long is gone, ms. */
const SILENCE_LIMIT = 30_000;

/** A login request with the proof for this challenge; built by the caller, who knows password and options. */
export type BuildLogin = (password: string | undefined, hash: Hash) => PeerMessageInit & { case: "loginRequest" };

export type ViewerSessionInput =
  | { readonly type: "start"; readonly password: string | undefined }
  | { readonly type: "received"; readonly message: PeerMessage }
  | { readonly type: "timeout" }
  | { readonly type: "passwordEntered"; readonly password: string }
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
  /** The host wants a pause between attempts; another password may be tried later. */
  | { readonly type: "throttled"; readonly text: string }
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
  #deadline: Millis | undefined;

  constructor(buildLogin: BuildLogin) {
    this.#buildLogin = buildLogin;
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
        return [finish({ type: "silent" })];
      case "passwordEntered":
        if (this.#hash === undefined || this.#scope !== undefined) return [];
        return [{ type: "send", message: this.#buildLogin(input.password, this.#hash) }];
      case "composed":
        return this.#scope === undefined ? [] : [{ type: "send", message: input.message }];
      case "left":
        return [
          { type: "send", message: { case: "misc", value: { union: { case: "closeReason", value: "" } } } },
          finish({ type: "left" }),
        ];
      case "received":
        this.#deadline = now + SILENCE_LIMIT;
        return this.#received(input.message);
    }
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
    const known = this.#password !== undefined;
    this.#password = undefined;
    // Without a password the request still goes out, so that the person at the host can accept.
    return known ? [request] : [request, { type: "askPassword", why: "required" }];
  }

  #answered(response: LoginResponse): readonly ViewerSessionEffect[] {
    if (this.#hash === undefined) throw new ProtocolError("unexpected-message", "an answer before any request");
    if (this.#scope !== undefined) return [];
    if (response.union.case === "peerInfo") {
      if (response.union.value.displays.length === 0) return [finish({ type: "no-displays" })];
      this.#scope = "desktop";
      return [{ type: "connected", peer: response.union.value }];
    }
    const text = response.union.case === "error" ? response.union.value : "";
    switch (text) {
      case LoginError.wrongPassword:
        return [{ type: "askPassword", why: "wrong" }];
      case LoginError.emptyPassword:
        return [{ type: "askPassword", why: "required" }];
      case LoginError.waitForAcceptance:
        return [{ type: "waitForAcceptance" }];
      case LoginError.tryLater:
      case LoginError.tooManyAttempts:
        return [{ type: "throttled", text }];
      default:
        return [finish({ type: "refused", text })];
    }
  }
}

function finish(outcome: ViewerSessionEnd): ViewerSessionEffect {
  return { type: "finish", outcome };
}
