import type { Path } from "@pulpit/link";
import type { LoginBy, Millis, Permission, Scope, SecondFactorBy } from "@pulpit/protocol";
import type { ViewerFacts } from "../options.ts";

/** A viewer that is in, as the person at the machine sees it. */
export interface SessionFacts {
  readonly key: string;
  readonly viewer: ViewerFacts;
  readonly scope: Scope;
  /** Unix time, ms. */
  readonly since: Millis;
  readonly by: LoginBy;
  readonly secondFactor: SecondFactorBy;
  readonly path: Path;
  readonly encrypted: boolean;
}

/** What can be done about it. */
export interface SessionControl {
  /** What it may do has to be found out anew. */
  readonly regranted: () => void;
  /** Ends it; the text is shown to the viewer. */
  readonly end: (farewell: string) => void;
}

/** What a session may have, asked anew each time. */
export interface SessionHouse {
  /** By the owner's settings. */
  readonly granted: () => ReadonlySet<Permission>;
  /** What this computer can do at all, and the ID server does not forbid. */
  readonly possible: () => ReadonlySet<Permission>;
}

/** One session: what the settings grant, changed by what the person switched while it runs, of what is possible. */
export class LiveSession {
  readonly facts: SessionFacts;
  readonly #house: SessionHouse;
  readonly #control: SessionControl;
  /** Switched by the person, for this session alone. */
  readonly #switched = new Map<Permission, boolean>();
  readonly #used = new Set<Permission>();

  constructor(facts: SessionFacts, house: SessionHouse, control: SessionControl) {
    this.facts = facts;
    this.#house = house;
    this.#control = control;
  }

  get granted(): ReadonlySet<Permission> {
    const { granted, possible } = this.#house;
    const settings = granted();
    return new Set([...possible()].filter((permission) => this.#switched.get(permission) ?? settings.has(permission)));
  }

  get used(): ReadonlySet<Permission> {
    return this.#used;
  }

  /** Whether this is the first time. */
  uses(permission: Permission): boolean {
    if (this.#used.has(permission)) return false;
    this.#used.add(permission);
    return true;
  }

  permit(permission: Permission, granted: boolean): void {
    this.#switched.set(permission, granted);
    this.#control.regranted();
  }

  regrant(): void {
    this.#control.regranted();
  }

  end(farewell: string): void {
    this.#control.end(farewell);
  }
}
