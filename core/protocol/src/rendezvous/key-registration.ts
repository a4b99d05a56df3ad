import { type RegisterPk, RegisterPkResponse_Result as Result } from "@pulpit/wire";
import { constantTimeEqual } from "../crypto/password.ts";
import type { Millis } from "../machine.ts";
import type { DeviceRecord, Endpoint } from "./device.ts";

/** Shortest ID, bytes, and longest, as stock servers and their database take them. */
const MIN_ID = 6;
const MAX_ID = 100;
const MAX_UUID = 256;
const KEY_BYTES = 32;
const MINUTE = 60_000;
/** Key registrations of one address in a minute (docs/protocol/rendezvous.md, section 5.4). */
const PER_ADDRESS = 30;
/** Addresses whose registrations are counted; beyond it the oldest count is dropped. */
const MAX_ADDRESSES = 100_000;

/** What becomes of a RegisterPk. */
export type KeyRegistration =
  /** No answer at all: not a registration. */
  | { readonly type: "ignored" }
  | { readonly type: "answered"; readonly result: Result }
  | { readonly type: "accepted"; readonly record: DeviceRecord; readonly changed: boolean };

/** Decides who owns an ID. Source: docs/protocol/rendezvous.md, section 4.2. */
export class KeyRegistrar {
  readonly #counts = new Map<string, { since: Millis; count: number }>();

  judge(request: RegisterPk, from: Endpoint, known: DeviceRecord | undefined, now: Millis): KeyRegistration {
    const { id, uuid, pk } = request;
    if (uuid.length === 0 || uuid.length > MAX_UUID || pk.length !== KEY_BYTES) return { type: "ignored" };
    const idBytes = new TextEncoder().encode(id).length;
    if (idBytes < MIN_ID || idBytes > MAX_ID) return { type: "answered", result: Result.UUID_MISMATCH };
    if (this.#tooFrequent(from.host, now)) return { type: "answered", result: Result.TOO_FREQUENT };
    const record: DeviceRecord = { id, uuid, publicKey: pk, address: from.host };
    if (known === undefined) return { type: "accepted", record, changed: true };
    if (!constantTimeEqual(known.uuid, uuid)) return { type: "answered", result: Result.UUID_MISMATCH };
    const sameKey = constantTimeEqual(known.publicKey, pk);
    const sameAddress = known.address === from.host;
    if (!sameKey && !sameAddress) return { type: "answered", result: Result.UUID_MISMATCH };
    return { type: "accepted", record, changed: !sameKey || !sameAddress };
  }

  #tooFrequent(address: string, now: Millis): boolean {
    const entry = this.#counts.get(address);
    if (entry === undefined || now - entry.since > MINUTE) {
      this.#counts.delete(address);
      this.#counts.set(address, { since: now, count: 1 });
      if (this.#counts.size > MAX_ADDRESSES) this.#counts.delete(this.#counts.keys().next().value as string);
      return false;
    }
    entry.count += 1;
    return entry.count > PER_ADDRESS;
  }
}
