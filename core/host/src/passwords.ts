import { type Crypto, constantTimeEqual, passwordHash, passwordProof } from "@pulpit/protocol";
import type { LoginRequest } from "@pulpit/wire";
import type { OneTimePassword } from "./one-time-password.ts";
import type { RecentSessions } from "./recent-sessions.ts";

/** What a viewer got in with; the hash lets its session be found again. */
export interface Match {
  readonly by: "one-time" | "recent";
  readonly passwordHash: Uint8Array;
}

/** Checks proofs against every password that is valid now. Compares in constant time, always all of them. */
export class Passwords {
  readonly #crypto: Crypto;
  readonly #salt: string;
  readonly #oneTime: OneTimePassword;
  readonly #recent: RecentSessions;

  constructor(options: { crypto: Crypto; salt: string; oneTime: OneTimePassword; recent: RecentSessions }) {
    this.#crypto = options.crypto;
    this.#salt = options.salt;
    this.#oneTime = options.oneTime;
    this.#recent = options.recent;
  }

  match(request: LoginRequest, challenge: string, now: number): Match | undefined {
    const current = passwordHash(this.#crypto, this.#oneTime.value, this.#salt);
    const earlier = this.#recent.passwordHash(request, now);
    const isCurrent = this.#proves(request.password, current, challenge);
    const isEarlier = earlier !== undefined && this.#proves(request.password, earlier, challenge);
    if (isCurrent) return { by: "one-time", passwordHash: current };
    if (isEarlier) return { by: "recent", passwordHash: earlier };
    this.#recent.forget(request);
    return undefined;
  }

  #proves(proof: Uint8Array, hash: Uint8Array, challenge: string): boolean {
    return constantTimeEqual(proof, passwordProof(this.#crypto, hash, challenge));
  }
}
