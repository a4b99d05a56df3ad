import type { LoginRequest } from "@pulpit/wire";

/** For this long after a session ended its viewer may come back with the password it used, ms (session.md, section 18). */
const GRACE = 30_000;
/** Sessions remembered; beyond it the oldest is forgotten. */
const MAX_SESSIONS = 64;

interface Recent {
  readonly passwordHash: Uint8Array;
  /** Undefined while the session lasts. */
  endedAt: number | undefined;
}

/**
 * Lets a viewer whose connection broke come back although the one-time password has changed meanwhile.
 * The entry is bound to the viewer's own random session number and gone after one wrong try (section 22, row 7).
 */
export class RecentSessions {
  readonly #sessions = new Map<string, Recent>();

  started(request: LoginRequest, passwordHash: Uint8Array): void {
    if (request.sessionId === 0n) return;
    // Re-inserted, so that a session that was taken up again is not the oldest any more.
    this.#sessions.delete(keyOf(request));
    this.#sessions.set(keyOf(request), { passwordHash, endedAt: undefined });
    if (this.#sessions.size > MAX_SESSIONS) this.#sessions.delete(this.#sessions.keys().next().value as string);
  }

  /** `mayReturn`: the connection broke; a session that was closed on purpose is forgotten. */
  ended(request: LoginRequest, mayReturn: boolean, now: number): void {
    const entry = this.#sessions.get(keyOf(request));
    if (entry === undefined) return;
    if (mayReturn) entry.endedAt = now;
    else this.#sessions.delete(keyOf(request));
  }

  /** The password hash this viewer's session was opened with, while it may still return. */
  passwordHash(request: LoginRequest, now: number): Uint8Array | undefined {
    const entry = this.#sessions.get(keyOf(request));
    if (entry === undefined) return undefined;
    if (entry.endedAt === undefined || now - entry.endedAt <= GRACE) return entry.passwordHash;
    this.#sessions.delete(keyOf(request));
    return undefined;
  }

  forget(request: LoginRequest): void {
    this.#sessions.delete(keyOf(request));
  }
}

function keyOf(request: LoginRequest): string {
  return JSON.stringify([request.myId, request.myName, request.sessionId.toString()]);
}
