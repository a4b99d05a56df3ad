import type { Log } from "@pulpit/link-node";
import { LINK_LIFETIME, MAX_KEYS, MAX_LINKS } from "./config.ts";
import { SecretList } from "./secret-list.ts";
import { WrongOpenings } from "./wrong-openings.ts";

/** Knows what lets a page in. Users are uids; undefined where they can't be told apart. */
export class Doorkeeper {
  readonly #own: number | undefined;
  readonly #log: Log;
  readonly #now: () => number;
  readonly #tokens = new SecretList({ most: MAX_LINKS, lifetime: LINK_LIFETIME });
  readonly #keys = new SecretList({ most: MAX_KEYS, lifetime: Number.POSITIVE_INFINITY });
  readonly #wrong = new WrongOpenings();

  /** `own`: the user this process runs as. */
  constructor(own: number | undefined, world: { readonly log: Log; readonly now: () => number }) {
    this.#own = own;
    this.#log = world.log;
    this.#now = world.now;
  }

  /** A token that lets one page of that user in, once. */
  token(user: number | undefined): string {
    return this.#tokens.mint(user, this.#now());
  }

  /** Whether this user has any business here: the page is for them or may be. */
  expects(user: number | undefined): boolean {
    const now = this.#now();
    return user === this.#own || this.#tokens.isFor(user, now) || this.#keys.isFor(user, now);
  }

  /** The key that lets the page in again, for an opening (see LetIn) that holds; undefined for anything else. */
  letIn(opening: unknown, user: number | undefined): string | undefined {
    const now = this.#now();
    if (this.#wrong.pauses(now)) return undefined;
    const key = this.#keyFor(opening, user, now);
    if (key !== undefined) {
      this.#wrong.forgive();
      return key;
    }
    if (this.#wrong.count(now)) this.#log.warn("too many wrong tokens or keys: no page is let in for a while");
    return undefined;
  }

  #keyFor(opening: unknown, user: number | undefined, now: number): string | undefined {
    if (typeof opening !== "object" || opening === null) return undefined;
    const { token, key } = opening as { readonly token?: unknown; readonly key?: unknown };
    if (typeof token === "string") return this.#tokens.use(token, user, now) ? this.#keys.mint(user, now) : undefined;
    return typeof key === "string" && this.#keys.renew(key, user, now) ? key : undefined;
  }
}
