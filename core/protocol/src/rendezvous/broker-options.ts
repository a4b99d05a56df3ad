import type { Crypto } from "../crypto/crypto.ts";
import type { Directory } from "./device.ts";
import type { EnrolmentPolicy } from "./key-registration.ts";
import type { HashKey } from "./keyed-hash.ts";
import type { RelayList } from "./relay-list.ts";

/** What an ID server's broker is made of and told. */
export interface BrokerOptions extends EnrolmentPolicy {
  readonly crypto: Crypto;
  /** 64-byte Ed25519 key of the server: signs what it vouches for. */
  readonly secretKey: Uint8Array;
  readonly directory: Directory;
  /** Text viewers have to show; undefined lets everybody ask. */
  readonly requiredKey: string | undefined;
  readonly relays: RelayList;
  /** Hosts may name relays that are not on the list. */
  readonly foreignRelays: boolean;
  /** Hosts may answer from another address than they registered from: some have several ways out. */
  readonly answersFromAnywhere: boolean;
  /** No viewer reaches a host but through a relay. */
  readonly alwaysRelay: boolean;
  /** An ID nobody has looks like one that is offline, so that IDs can't be tried out. */
  readonly hideUnknown: boolean;
  /** The ID servers that clients without a server of their own shall use, and the number of this list (section 4.6). */
  readonly update: { readonly serial: number; readonly servers: readonly string[] };
  /** What old clients are told that ask for a newer one: a version and where it is (section 2.1). */
  readonly software: { readonly version: string; readonly url: string } | undefined;
  /** Signs a relay ticket for this uuid (docs/protocol/extensions.md); empty for what can be none. */
  readonly ticketFor: (uuid: string) => Uint8Array;
  /** From a generator nobody can foresee: what the table of devices is ordered by. */
  readonly presenceKey: HashKey;
  readonly limits: { readonly devices: number; readonly waitingViewers: number };
}
