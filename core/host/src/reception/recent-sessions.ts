import type { ProofMatch } from "@pulpit/protocol";
import type { LoginRequest } from "@pulpit/wire";

/** For this long after a session ended its viewer may come back with the password it used, ms (session.md, section 18). */
const GRACE = 30_000;
/** Sessions remembered; beyond it the oldest is forgotten. */
const MAX_SESSIONS = 64;

/** What a session was opened with. */
export interface Opened {
  readonly passwordHash: Uint8Array;
  readonly by: ProofMatch["by"];
  readonly codePassed: boolean;
  /** Where from; a session is taken up again only from there (section 22, row 7). */
  readonly address: string;
}

interface Recent extends Opened {
  /** Undefined while the session lasts. */
  endedAt: number | undefined;
}

/**
 * Lets a viewer whose connection broke come back although the one-time password has changed meanwhile.
 * The entry is bound to the viewer's own random session number and gone after one wrong try (section 22, row 7).
 */
export class RecentSessions {
  readonly #sessions = new Map<string, Recent>();

  started(request: LoginRequest, opened: Opened): void {
    if (request.sessionId === 0n) return;
    // Re-inserted, so that a session that was taken up again is not the oldest any more.
    this.#sessions.delete(keyOf(request));
    this.#sessions.set(keyOf(request), { ...opened, endedAt: undefined });
    if (this.#sessions.size > MAX_SESSIONS) this.#sessions.delete(this.#sessions.keys().next().value as string);
  }

  /** `mayReturn`: the connection broke; a session that was closed on purpose is forgotten. */
  ended(request: LoginRequest, mayReturn: boolean, now: number): void {
    const entry = this.#sessions.get(keyOf(request));
    if (entry === undefined) return;
    if (mayReturn) entry.endedAt = now;
    else this.#sessions.delete(keyOf(request));
  }

  /** What this viewer's session was opened with, while it may still return. */
  opened(request: LoginRequest, address: string, now: number): Opened | undefined {
    const entry = this.#sessions.get(keyOf(request));
    if (entry === undefined || entry.address !== address) return undefined;
    if (entry.endedAt === undefined || now - entry.endedAt <= GRACE) return entry;
    this.#sessions.delete(keyOf(request));
    return undefined;
  }

  forget(request: LoginRequest): void {
    this.#sessions.delete(keyOf(request));
  }

  /** A password was changed: nobody gets in with the old one any more. */
  forgetAll(): void {
    this.#sessions.clear();
  }
}

function keyOf(request: LoginRequest): string {
  return JSON.stringify([request.myId, request.myName, request.sessionId.toString()]);
}
