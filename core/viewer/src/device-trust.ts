import type { Random } from "@pulpit/protocol";
import type { DeviceSecrets } from "./ports/device-secrets.ts";

/** As long as a stock device identifier, bytes; random instead of read off the machine. */
const SECRET_BYTES = 32;

/**
 * Whether the host of one session trusts this device. A secret is made when the person wishes to be trusted, kept
 * once the host has let us in with it, and forgotten as soon as the host asks for a code in spite of it.
 * Source: docs/protocol/session.md, section 10.3.
 */
export class DeviceTrust {
  readonly #secrets: DeviceSecrets | undefined;
  readonly #random: Random;
  readonly #serverKey: string;
  readonly #hostId: string;
  #offered: Uint8Array | undefined;

  /** `secrets` undefined: nothing can be kept, so nothing is offered. */
  constructor(options: {
    readonly secrets: DeviceSecrets | undefined;
    readonly random: Random;
    readonly serverKey: string;
    readonly hostId: string;
  }) {
    this.#secrets = options.secrets;
    this.#random = options.random;
    this.#serverKey = options.serverKey;
    this.#hostId = options.hostId;
  }

  /** Whether a device could be trusted from here at all. */
  get possible(): boolean {
    return this.#secrets !== undefined;
  }

  /** For the login request. */
  get secret(): Uint8Array | undefined {
    return this.#secrets?.get(this.#serverKey, this.#hostId);
  }

  /** A fresh secret to go with a code; undefined when it could not be kept. */
  offer(): Uint8Array | undefined {
    if (this.#secrets === undefined) return undefined;
    this.#offered = this.#random.bytes(SECRET_BYTES);
    return this.#offered;
  }

  /** The code that the secret went with was not accepted. */
  withdraw(): void {
    this.#offered = undefined;
  }

  /** The host wants a code: whatever it was told before does not count there. */
  refused(): void {
    this.withdraw();
    if (this.secret !== undefined) this.#secrets?.forget(this.#serverKey, this.#hostId);
  }

  /** The host has let us in. */
  admitted(): void {
    if (this.#offered !== undefined) this.#secrets?.set(this.#serverKey, this.#hostId, this.#offered);
    this.withdraw();
  }
}
