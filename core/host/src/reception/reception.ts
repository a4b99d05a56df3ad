import type { Clock } from "@pulpit/link";
import {
  Attempts,
  type AttemptsSnapshot,
  type Crypto,
  type LoginHouse,
  type Millis,
  type Permission,
  type Random,
} from "@pulpit/protocol";
import type { HostEvent } from "../options.ts";
import type { HostSecretStore } from "../ports/host-secrets.ts";
import { Consent } from "./consent.ts";
import { Credentials } from "./credentials.ts";
import { OneTimePassword } from "./one-time-password.ts";
import { type Match, Passwords } from "./passwords.ts";
import { admitsId, type HostPolicy } from "./policy.ts";
import { RecentSessions } from "./recent-sessions.ts";
import type { LiveSession } from "./sessions.ts";

/** Counters of failures as they outlive the program. */
export interface AttemptCounters {
  readonly attempts: AttemptsSnapshot;
  readonly codes: AttemptsSnapshot;
  readonly questions: AttemptsSnapshot;
}

export interface ReceptionOptions {
  readonly crypto: Crypto;
  readonly random: Random;
  readonly clock: Clock;
  /** Unix time, ms: pauses, codes and trusted devices outlive the program. */
  readonly wall: () => Millis;
  readonly policy: () => HostPolicy;
  readonly secrets: HostSecretStore;
  /** Salt of this installation. */
  readonly salt: string;
  readonly counters?: AttemptCounters;
  readonly onEvent: (event: HostEvent) => void;
  /** Something that is shown has changed. */
  readonly onChanged: () => void;
  /** A failure or a success was counted: `counters` have to be kept. */
  readonly onCounted: () => void;
  /** Something about a login could not be kept on disk. */
  readonly onFault: (error: unknown) => void;
}

/**
 * Decides who may come in, and knows who is in: passwords, second factor, questions to the person, sessions. Outlives
 * a registration: another ID or server changes nothing here.
 */
export class Reception {
  readonly policy: () => HostPolicy;
  readonly wall: () => Millis;
  readonly oneTime: OneTimePassword;
  readonly credentials: Credentials;
  readonly consent: Consent;
  readonly recent: RecentSessions = new RecentSessions();
  readonly onEvent: (event: HostEvent) => void;
  readonly #sessions = new Map<string, LiveSession>();
  readonly #onChanged: () => void;
  readonly #passwords: Passwords;
  readonly #attempts: Attempts;
  readonly #codes: Attempts;
  readonly #questions: Attempts;
  #count = 0;

  constructor(options: ReceptionOptions) {
    const { crypto, random, clock, policy, counters, onChanged } = options;
    this.policy = policy;
    this.wall = options.wall;
    this.onEvent = options.onEvent;
    this.#onChanged = onChanged;
    this.oneTime = new OneTimePassword(random, () => policy().oneTimeForm);
    const { secrets: store, salt: ownSalt, onFault } = options;
    this.credentials = new Credentials({ crypto, random, store, ownSalt, onFault });
    this.consent = new Consent({ clock, within: () => policy().acceptWithin, onChanged });
    this.#passwords = new Passwords(crypto, this.recent, random.bytes(32));
    this.#attempts = new Attempts(counters?.attempts);
    this.#codes = new Attempts(counters?.codes);
    this.#questions = new Attempts(counters?.questions);
    for (const set of [this.#attempts, this.#codes, this.#questions]) set.onChanged = options.onCounted;
  }

  get counters(): AttemptCounters {
    return {
      attempts: this.#attempts.snapshot(),
      codes: this.#codes.snapshot(),
      questions: this.#questions.snapshot(),
    };
  }

  /**
   * What one connection's login asks. `possible`: what this computer can do and the ID server does not forbid;
   * `matched` is told which password it was.
   */
  house(connection: {
    readonly challenge: string;
    readonly salt: string;
    readonly address: string;
    /** Without it a proof can be taken along and searched for the password: then the permanent one does not count. */
    readonly encrypted: boolean;
    readonly possible: ReadonlySet<Permission>;
    readonly now: () => Millis;
    readonly matched: (match: Match) => void;
  }): LoginHouse {
    const { policy, credentials, wall } = this;
    const { challenge, salt, address, encrypted } = connection;
    const permanentHash = (now: HostPolicy): Uint8Array | undefined =>
      now.permanent && encrypted ? credentials.permanentHash : undefined;
    return {
      attempts: this.#attempts,
      codes: this.#codes,
      questions: this.#questions,
      wall,
      rules: () => {
        const now = policy();
        return {
          approval: now.approval,
          hasPassword: now.oneTime || permanentHash(now) !== undefined,
          wantsCode: credentials.secondFactor.on,
          mayTrust: now.trustFor > 0,
          clickNeedsCode: now.clickNeedsCode,
          granted: intersection(now.granted, connection.possible),
          admitsId: (id) => admitsId(now, id),
        };
      },
      matchProof: (request) => {
        const now = policy();
        const valid = {
          // A proof of a salt that no longer holds is one of a password that no longer holds.
          salt,
          oneTime: now.oneTime ? this.oneTime.value : undefined,
          permanentHash: salt === credentials.salt ? permanentHash(now) : undefined,
        };
        const match = this.#passwords.match(request, { valid, challenge, address, at: connection.now() });
        if (match !== undefined) connection.matched(match);
        return match;
      },
      matchCode: (code) => credentials.takeCode(code, wall()),
      isTrusted: (request) => credentials.isTrusted(request, wall(), policy().trustFor),
      trust: (request, hwid) => {
        const device = credentials.trust(request, hwid, wall());
        if (device === undefined) return;
        this.onEvent({ type: "deviceTrusted", device });
        this.#onChanged();
      },
    };
  }

  /** Whether somebody has logged in from there before. */
  knows(address: string): boolean {
    return this.#attempts.knows(address);
  }

  get sessions(): readonly LiveSession[] {
    return [...this.#sessions.values()];
  }

  session(key: string): LiveSession | undefined {
    return this.#sessions.get(key);
  }

  freshKey(): string {
    this.#count += 1;
    return `s${this.#count}`;
  }

  entered(session: LiveSession): void {
    this.#sessions.set(session.facts.key, session);
    this.#onChanged();
  }

  left(session: LiveSession): void {
    this.#sessions.delete(session.facts.key);
    this.#onChanged();
  }

  /** The owner's settings have changed: what sessions may do is found out anew, and the viewers hear of it at once. */
  policyChanged(): void {
    for (const session of this.sessions) session.regrant();
    this.#onChanged();
  }

  /** What a session shows has changed. */
  changed(): void {
    this.#onChanged();
  }
}

function intersection(a: ReadonlySet<Permission>, b: ReadonlySet<Permission>): ReadonlySet<Permission> {
  return new Set([...a].filter((permission) => b.has(permission)));
}
