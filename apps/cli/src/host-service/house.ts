import { nodeCrypto, nodeRandom } from "@pulpit/crypto-node";
import { type HostEvent, Reception } from "@pulpit/host";
import { type Log, nodeClock } from "@pulpit/link-node";
import {
  attemptsIn,
  type HostIdentity,
  hostSecretsIn,
  type Journal,
  loadHostIdentity,
  openJournal,
  type ProfileFolder,
  vaultIn,
} from "@pulpit/profile-node";
import { attemptsSnapshotIn } from "@pulpit/protocol";
import type { KeptSettings } from "../host-config/kept-settings.ts";
import { policyOf } from "../host-config/policy.ts";
import { historyEventOf } from "./history-event.ts";

/** Failures are written down at most this often, ms: a flood of guesses must not become one of writing. */
const KEEP_EVERY = 1_000;

/** Everything about a host that stays the same whatever server it is registered at, and outlives the program. */
export interface House extends Disposable {
  readonly profile: ProfileFolder;
  readonly settings: KeptSettings;
  readonly reception: Reception;
  readonly journal: Journal;
  identity: HostIdentity;
  /** Something that is shown has changed. */
  readonly changed: () => void;
  /** Calls back after each change; returns its cancellation. */
  onChanged(listener: () => void): () => void;
  onEvent(listener: (event: HostEvent) => void): () => void;
}

/** One process at a time: it keeps a journal. */
export function openHouse(profile: ProfileFolder, settings: KeptSettings, log: Log): House {
  const crypto = nodeCrypto();
  const random = nodeRandom();
  const identity = loadHostIdentity(profile, crypto, random);
  const fault = (what: string) => (error: Error) => log.error(`${what} could not be kept`, { reason: error.message });
  const { keys } = identity;
  const journal = openJournal({ folder: profile, crypto, keys, now: Date.now, onFault: fault("the session log") });
  const attempts = attemptsIn(profile, fault("failed attempts"));
  const listeners = new Set<() => void>();
  const hearers = new Set<(event: HostEvent) => void>();
  let keeping: NodeJS.Timeout | undefined;

  function keep(): void {
    clearTimeout(keeping);
    keeping = undefined;
    attempts.save(reception.counters);
  }
  function changed(): void {
    for (const listener of listeners) listener();
  }
  const kept = (attempts.load() ?? {}) as Readonly<Record<string, unknown>>;
  const reception: Reception = new Reception({
    crypto,
    random,
    clock: nodeClock(),
    wall: Date.now,
    policy: () => policyOf(settings.config),
    secrets: hostSecretsIn(profile, vaultIn(profile, crypto, random)),
    salt: identity.salt,
    counters: {
      attempts: attemptsSnapshotIn(kept.attempts),
      codes: attemptsSnapshotIn(kept.codes),
      questions: attemptsSnapshotIn(kept.questions),
    },
    onEvent: (event) => {
      const entry = historyEventOf(event);
      if (entry !== undefined) journal.append(entry);
      for (const hear of hearers) hear(event);
    },
    onChanged: changed,
    onFault: (error) => log.error("a login could not be kept", { reason: String(error) }),
    onCounted: () => {
      keeping ??= setTimeout(keep, KEEP_EVERY).unref();
    },
  });
  reception.oneTime.onChanged(changed);
  const subscribe =
    <T>(set: Set<T>) =>
    (listener: T): (() => void) => {
      set.add(listener);
      return () => set.delete(listener);
    };
  return {
    profile,
    settings,
    reception,
    journal,
    identity,
    changed,
    onChanged: subscribe(listeners),
    onEvent: subscribe(hearers),
    [Symbol.dispose]() {
      if (keeping !== undefined) keep();
      journal.close();
    },
  };
}
