import { type Crypto, constantTimeEqual, type Millis, passwordHash, type Random, symbolsOf } from "@pulpit/protocol";
import type { LoginRequest } from "@pulpit/wire";
import type { HostSecretStore, HostSecrets, TrustedDevice } from "../ports/host-secrets.ts";
import { codeStep, freshRecoveryCodes, recoveryHash, SECRET_BYTES } from "./second-factor.ts";

/** Symbols of a salt, as stock makes them (docs/protocol/session.md, section 3.3). */
const SALT_SYMBOLS = 32;
/** Devices remembered; beyond it the one trusted longest ago is forgotten. */
const MAX_TRUSTED = 64;
/** Shorter ones say nothing about a device. */
const MIN_HWID = 16;

/** The owner's password, second factor and trusted devices: kept in the store, read once. */
export class Credentials {
  readonly #crypto: Crypto;
  readonly #random: Random;
  readonly #store: HostSecretStore;
  readonly #ownSalt: string;
  readonly #onFault: (error: unknown) => void;
  #secrets: HostSecrets;

  /** `ownSalt`: of this installation, for one-time passwords while no permanent one brings its own. */
  constructor(options: {
    crypto: Crypto;
    random: Random;
    store: HostSecretStore;
    ownSalt: string;
    /** Something about a login could not be kept on disk; it holds until the program ends. */
    onFault: (error: unknown) => void;
  }) {
    this.#crypto = options.crypto;
    this.#random = options.random;
    this.#store = options.store;
    this.#ownSalt = options.ownSalt;
    this.#onFault = options.onFault;
    this.#secrets = options.store.load();
  }

  /** Announced to every viewer; changes together with the permanent password (section 22, row 2). */
  get salt(): string {
    return this.#secrets.salt ?? this.#ownSalt;
  }

  get permanentHash(): Uint8Array | undefined {
    return this.#secrets.permanentHash;
  }

  /** Trusted devices are forgotten with each change of the password. @throws what the store throws */
  setPermanent(password: string): void {
    const salt = symbolsOf(this.#random.bytes(SALT_SYMBOLS));
    this.#keep({ ...this.#secrets, salt, permanentHash: passwordHash(this.#crypto, password, salt), trusted: [] });
  }

  clearPermanent(): void {
    const { permanentHash, salt, ...rest } = this.#secrets;
    this.#keep({ ...rest, trusted: [] });
  }

  get secondFactor(): { readonly on: boolean; readonly recoveryCodes: number } {
    const { secondFactor } = this.#secrets;
    return { on: secondFactor !== undefined, recoveryCodes: secondFactor?.recovery.length ?? 0 };
  }

  /** Switches the second factor on, once `code` shows that the authenticator has the secret. Undefined: it does not. */
  enrol(secret: Uint8Array, code: string, wall: Millis): readonly string[] | undefined {
    const step = codeStep(secret, code, wall);
    if (step === undefined || secret.length !== SECRET_BYTES) return undefined;
    const codes = freshRecoveryCodes(this.#random);
    const recovery = codes.map((text) => recoveryHash(this.#crypto, text));
    this.#keep({ ...this.#secrets, secondFactor: { secret, lastStep: step, recovery }, trusted: [] });
    return codes;
  }

  dropSecondFactor(): void {
    const { secondFactor, ...rest } = this.#secrets;
    this.#keep({ ...rest, trusted: [] });
  }

  /** New recovery codes in place of all old ones; undefined while there is no second factor. */
  renewRecoveryCodes(): readonly string[] | undefined {
    const { secondFactor } = this.#secrets;
    if (secondFactor === undefined) return undefined;
    const codes = freshRecoveryCodes(this.#random);
    const recovery = codes.map((text) => recoveryHash(this.#crypto, text));
    this.#keep({ ...this.#secrets, secondFactor: { ...secondFactor, recovery } });
    return codes;
  }

  /** Takes a code of the authenticator or a recovery code; either holds once (section 22, row 9). */
  takeCode(code: string, wall: Millis): "code" | "recovery" | undefined {
    const { secondFactor } = this.#secrets;
    if (secondFactor === undefined) return undefined;
    const step = codeStep(secondFactor.secret, code, wall);
    if (step !== undefined) {
      if (step <= secondFactor.lastStep) return undefined;
      this.#keepAnyway({ ...this.#secrets, secondFactor: { ...secondFactor, lastStep: step } });
      return "code";
    }
    const hash = recoveryHash(this.#crypto, code);
    const left = secondFactor.recovery.filter((known) => !constantTimeEqual(known, hash));
    if (left.length === secondFactor.recovery.length) return undefined;
    this.#keepAnyway({ ...this.#secrets, secondFactor: { ...secondFactor, recovery: left } });
    return "recovery";
  }

  get trusted(): readonly TrustedDevice[] {
    return this.#secrets.trusted;
  }

  /** `since` counts from the future after a clock was set back: such a device is not trusted. */
  isTrusted(request: LoginRequest, wall: Millis, trustFor: Millis): boolean {
    if (request.hwid.length < MIN_HWID) return false;
    const hwid = this.#crypto.sha256(request.hwid);
    const device = this.#secrets.trusted.find((known) => constantTimeEqual(known.hwid, hwid));
    if (device === undefined || wall - device.since > trustFor || wall < device.since) return false;
    return device.id === request.myId && device.name === request.myName && device.platform === request.myPlatform;
  }

  trust(request: LoginRequest, hwid: Uint8Array, wall: Millis): TrustedDevice | undefined {
    if (hwid.length < MIN_HWID) return undefined;
    const { myId: id, myName: name, myPlatform: platform } = request;
    // What is too long to be kept whole could not be compared later.
    if ([id, name, platform].some((text) => text.length > MAX_TRUSTED_TEXT)) return undefined;
    const device = { hwid: this.#crypto.sha256(hwid), id, name, platform, since: wall };
    const others = this.#secrets.trusted.filter((known) => !constantTimeEqual(known.hwid, device.hwid));
    this.#keepAnyway({ ...this.#secrets, trusted: [...others, device].slice(-MAX_TRUSTED) });
    return device;
  }

  distrust(device: TrustedDevice): void {
    this.#keep({ ...this.#secrets, trusted: this.#secrets.trusted.filter((known) => known !== device) });
  }

  /** A full disk must not shut the owner out, nor let a code hold twice: what could not be written holds in memory. */
  #keepAnyway(secrets: HostSecrets): void {
    this.#secrets = secrets;
    try {
      this.#store.save(secrets);
    } catch (error) {
      this.#onFault(error);
    }
  }

  #keep(secrets: HostSecrets): void {
    this.#store.save(secrets);
    this.#secrets = secrets;
  }
}

/** Characters of a viewer's ID, name and platform in the list of trusted devices. */
const MAX_TRUSTED_TEXT = 64;
