/** A device that may come in without the second factor; at most 64 are kept. */
export interface TrustedDevice {
  /** SHA-256 of the `hwid` that the viewer sent, 32 bytes (docs/protocol/session.md, section 10.3). */
  readonly hwid: Uint8Array;
  /** ID of the viewer; at most 64 characters, as are `name` and `platform`. Nobody has checked them. */
  readonly id: string;
  readonly name: string;
  readonly platform: string;
  /** Unix time in milliseconds. */
  readonly since: number;
}

/** What codes of an authenticator are checked against (RFC 6238). */
export interface SecondFactor {
  /** 20 bytes. */
  readonly secret: Uint8Array;
  /** The newest 30-second step (Unix seconds / 30) whose code was accepted; it and older ones no longer hold. */
  readonly lastStep: number;
  /** SHA-256 of each recovery code not used yet, 32 bytes each; at most 32. */
  readonly recovery: readonly Uint8Array[];
}

/** What decides who may come in. A permanent password and its salt are there together or not at all. */
export interface HostSecrets {
  /** SHA-256(password ‖ salt), 32 bytes; undefined: no permanent password is set. */
  readonly permanentHash?: Uint8Array;
  /** Salt of `permanentHash`; at most 64 characters. */
  readonly salt?: string;
  readonly secondFactor?: SecondFactor;
  readonly trusted: readonly TrustedDevice[];
}

/** Kept whole. `save` throws when it could not be kept; then the old one holds. */
export interface HostSecretStore {
  /** No secrets at the first start. Throws when what was kept can't be read: that is not the same as none. */
  load(): HostSecrets;
  save(secrets: HostSecrets): void;
}
