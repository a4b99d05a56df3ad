import { DirectAccess, type DirectAccessOptions } from "./direct-access.ts";
import { Guests } from "./guests.ts";
import type { ListenDirect } from "./ports/direct-port.ts";
import type { HostShared } from "./session.ts";

/** Shares a desktop with those who know the address of this computer, and with no ID server. */
export class AddressHost {
  readonly #guests: Guests;
  readonly #access: DirectAccess;
  readonly #listen: ListenDirect;

  constructor(shared: HostShared, direct: DirectAccessOptions, listen: ListenDirect) {
    this.#guests = new Guests(shared);
    this.#access = new DirectAccess(direct, this.#guests, shared.reception.onEvent);
    this.#listen = listen;
  }

  /** Serves until `stop`; resolves as soon as it does. */
  run(): Promise<void> {
    return this.#access.open(this.#listen);
  }

  stop(): Promise<void> {
    return this.#guests.close();
  }
}
