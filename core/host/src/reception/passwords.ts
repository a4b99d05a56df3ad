import { type Crypto, constantTimeEqual, type ProofMatch, passwordHash, passwordProof } from "@pulpit/protocol";
import type { LoginRequest } from "@pulpit/wire";
import type { RecentSessions } from "./recent-sessions.ts";

/** What a viewer got in with; the hash lets its session be found again. */
export interface Match extends ProofMatch {
  readonly passwordHash: Uint8Array;
  /** The password a session that is taken up again was first opened with; `by` otherwise. */
  readonly first: ProofMatch["by"];
}

/** Passwords that hold at the moment. */
export interface ValidPasswords {
  readonly salt: string;
  /** Undefined while it is switched off. */
  readonly oneTime: string | undefined;
  /** SHA-256 of password and salt; undefined while none is set, or switched off. */
  readonly permanentHash: Uint8Array | undefined;
}

/** Checks proofs against every password that is valid now. Compares in constant time, always all of them. */
export class Passwords {
  readonly #crypto: Crypto;
  readonly #recent: RecentSessions;
  /** Proved against where there is no password, so that the time tells nothing; nobody can know what it is the hash of. */
  readonly #nobody: Uint8Array;

  constructor(crypto: Crypto, recent: RecentSessions, nobody: Uint8Array) {
    this.#crypto = crypto;
    this.#recent = recent;
    this.#nobody = nobody;
  }

  match(
    request: LoginRequest,
    now: { readonly valid: ValidPasswords; readonly challenge: string; readonly address: string; readonly at: number },
  ): Match | undefined {
    const { valid, challenge } = now;
    const oneTime = valid.oneTime === undefined ? undefined : passwordHash(this.#crypto, valid.oneTime, valid.salt);
    const opened = this.#recent.opened(request, now.address, now.at);
    // A kind of password that is switched off lets nobody back in either.
    const stillHolds = (opened?.by === "one-time" ? valid.oneTime : valid.permanentHash) !== undefined;
    const earlier = stillHolds ? opened : undefined;
    const isEarlier = this.#proves(request.password, earlier?.passwordHash, challenge);
    const isOneTime = this.#proves(request.password, oneTime, challenge);
    const isPermanent = this.#proves(request.password, valid.permanentHash, challenge);
    if (isEarlier && earlier !== undefined) {
      const { passwordHash: hash, codePassed, by } = earlier;
      return { by: "recent", codePassed, passwordHash: hash, first: by };
    }
    if (isOneTime && oneTime !== undefined) {
      return { by: "one-time", codePassed: false, passwordHash: oneTime, first: "one-time" };
    }
    if (isPermanent && valid.permanentHash !== undefined) {
      return { by: "permanent", codePassed: false, passwordHash: valid.permanentHash, first: "permanent" };
    }
    this.#recent.forget(request);
    return undefined;
  }

  #proves(proof: Uint8Array, hash: Uint8Array | undefined, challenge: string): boolean {
    const right = constantTimeEqual(proof, passwordProof(this.#crypto, hash ?? this.#nobody, challenge));
    return right && hash !== undefined;
  }
}
