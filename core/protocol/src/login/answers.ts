import type { PeerMessageInit } from "@pulpit/wire";
import type { Blocked } from "./attempts.ts";
import { LoginError } from "./texts.ts";

const MINUTE = 60_000;

/** A login that did not succeed, in the words of the wire. `mayTrust`: with the question for a code. */
export function refusal(text: string, mayTrust = false): PeerMessageInit {
  return { case: "loginResponse", value: { union: { case: "error", value: text }, enableTrustedDevices: mayTrust } };
}

/** How a pause is told to viewers, which know only these (docs/protocol/session.md, section 11.3). */
export function pauseText(blocked: Blocked): string {
  if (blocked.wait <= MINUTE) return LoginError.tryLater;
  const { because } = blocked;
  const prefix = because === 48 || because === 56 || because === 64;
  return prefix ? LoginError.tooManyFromPrefix + because : LoginError.tooManyAttempts;
}
