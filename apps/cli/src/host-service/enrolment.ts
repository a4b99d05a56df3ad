import { provisioning, SECRET_BYTES } from "@pulpit/host";
import { HostRefusal } from "@pulpit/host-control";
import type { Millis, Random } from "@pulpit/protocol";

/** A secret that was shown and not confirmed holds for this long, ms. */
const CONFIRM_WITHIN: Millis = 15 * 60_000;

/** The second factor between "show me the code" and the first right one: nothing is switched on before. */
export class Enrolment {
  readonly #random: Random;
  readonly #now: () => Millis;
  #begun: { readonly secret: Uint8Array; readonly until: Millis } | undefined;

  constructor(random: Random, now: () => Millis) {
    this.#random = random;
    this.#now = now;
  }

  begin(hostId: string): { readonly uri: string; readonly secret: string } {
    const secret = this.#random.bytes(SECRET_BYTES);
    this.#begun = { secret, until: this.#now() + CONFIRM_WITHIN };
    return provisioning(secret, hostId);
  }

  /** `enrol` gives the recovery codes, or undefined when the code was wrong; then another may be tried. */
  confirm(enrol: (secret: Uint8Array) => readonly string[] | undefined): readonly string[] {
    if (this.#begun === undefined || this.#now() > this.#begun.until) throw new HostRefusal("not-begun");
    const codes = enrol(this.#begun.secret);
    if (codes === undefined) throw new HostRefusal("wrong-code");
    this.#begun = undefined;
    return codes;
  }
}
