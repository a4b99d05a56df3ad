import { type RegisterPk, RegisterPkResponse_Result as Result } from "@pulpit/wire";
import { constantTimeEqual } from "../crypto/password.ts";
import type { Millis } from "../machine.ts";
import { Budget } from "./budget.ts";
import type { DeviceRecord, Directory, Endpoint } from "./device.ts";

/** Shortest ID, bytes, and longest, as stock servers and their database take them. */
const MIN_ID = 6;
const MAX_ID = 100;
/** Longest uuid, bytes; stock sends 32 to 36. */
const MAX_UUID = 256;
const KEY_BYTES = 32;
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** Registrations of one address in a minute that are not by a device we know (docs/protocol/rendezvous.md, section 5.4). */
const PER_MINUTE = 30;
/** What an ID may not contain (docs/protocol/wire.md, section 9.5): it is shown in terminals and put into addresses. */
const FORBIDDEN = /[\p{Cc}\p{Z}"<>/\\|?*]/u;
/** IDs that people choose. */
const CHOSEN_ID = /^[a-zA-Z][\w-]{5,15}$/;

/** Who may register, and with what. */
export interface EnrolmentPolicy {
  /** New IDs of one address in a day: a firm behind one address fits, a squatter of all IDs does not. */
  readonly newIdsPerDay: number;
  /** `closed`: devices nobody has let in are told to wait. */
  readonly enrolment: "open" | "closed";
  /**
   * What lets a device replace its key: an administrator's approval, or, as in stock servers, nothing but coming
   * from the address it came from before.
   */
  readonly keyChange: "approval" | "same-address";
}

/** What becomes of a RegisterPk. */
export type KeyRegistration =
  /** No answer at all: not a registration. */
  | { readonly type: "ignored" }
  | { readonly type: "answered"; readonly result: Result }
  /** An administrator has to say yes first; the device is told to wait, and keeps its ID. */
  | { readonly type: "asked"; readonly wish: "enrolment" | "key"; readonly record: DeviceRecord }
  | { readonly type: "accepted"; readonly record: DeviceRecord; readonly changed: boolean };

/** What becomes of a wish for another ID. */
export type IdChange =
  | { readonly type: "answered"; readonly result: Result }
  | { readonly type: "accepted"; readonly from: string; readonly to: string };

/** Decides who owns an ID. Source: docs/protocol/rendezvous.md, sections 4.2, 4.4 and chapter 9, rows 1 and 2. */
export class KeyRegistrar {
  readonly #policy: EnrolmentPolicy;
  readonly #directory: Directory;
  readonly #strangers = new Budget(PER_MINUTE, MINUTE);
  readonly #newIds: Budget;

  constructor(policy: EnrolmentPolicy, directory: Directory) {
    this.#policy = policy;
    this.#newIds = new Budget(policy.newIdsPerDay, DAY);
    this.#directory = directory;
  }

  judge(request: RegisterPk, from: Endpoint, now: Millis): KeyRegistration {
    const { id, uuid, pk } = request;
    if (uuid.length === 0 || uuid.length > MAX_UUID || pk.length !== KEY_BYTES) return { type: "ignored" };
    if (!possibleId(id)) return { type: "answered", result: Result.UUID_MISMATCH };
    const record: DeviceRecord = { id, uuid, publicKey: pk, address: from.host };
    const known = this.#directory.get(id);
    if (known !== undefined && constantTimeEqual(known.uuid, uuid) && constantTimeEqual(known.publicKey, pk)) {
      return { type: "accepted", record, changed: known.address !== from.host };
    }
    if (!this.#strangers.spend(from.host, now)) return { type: "answered", result: Result.TOO_FREQUENT };
    if (known === undefined) return this.#newcomer(record, now);
    if (!constantTimeEqual(known.uuid, uuid)) return { type: "answered", result: Result.UUID_MISMATCH };
    // Stock answers UUID_MISMATCH, upon which the device would give up its ID.
    const mayReplace = this.#policy.keyChange === "same-address" && known.address === from.host;
    return mayReplace ? { type: "accepted", record, changed: true } : { type: "asked", wish: "key", record };
  }

  /** A device wants another ID; its uuid is the proof that the present one is its own. */
  judgeChange(request: RegisterPk, from: Endpoint, now: Millis): IdChange {
    const { id: to, oldId, uuid } = request;
    const refused = (result: Result): IdChange => ({ type: "answered", result });
    if (!this.#strangers.spend(from.host, now)) return refused(Result.TOO_FREQUENT);
    const old = this.#directory.get(oldId);
    if (old === undefined || uuid.length > MAX_UUID || !constantTimeEqual(old.uuid, uuid)) {
      return refused(Result.UUID_MISMATCH);
    }
    if (!CHOSEN_ID.test(to)) return refused(Result.INVALID_ID_FORMAT);
    const owner = this.#directory.get(to);
    if (owner !== undefined && !constantTimeEqual(owner.uuid, uuid)) return refused(Result.ID_EXISTS);
    return to === oldId ? refused(Result.OK) : { type: "accepted", from: oldId, to };
  }

  #newcomer(record: DeviceRecord, now: Millis): KeyRegistration {
    if (this.#policy.enrolment === "closed") return { type: "asked", wish: "enrolment", record };
    if (!this.#newIds.spend(record.address, now)) return { type: "answered", result: Result.TOO_FREQUENT };
    return { type: "accepted", record, changed: true };
  }
}

function possibleId(id: string): boolean {
  const bytes = new TextEncoder().encode(id).length;
  return bytes >= MIN_ID && bytes <= MAX_ID && !FORBIDDEN.test(id);
}
