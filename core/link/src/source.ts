import { LinkError } from "./errors.ts";
import type { Link } from "./link.ts";

/**
 * Where a loop gets its inputs. Waiting and taking are apart, so that a loop can stop waiting (a deadline
 * came first) without losing an item.
 */
export interface Source<Item> {
  /** Resolves when `take` has an item; rejects when there will never be another. May be called again and again. */
  ready(): Promise<void>;
  /** The oldest item, or undefined when there is none yet. */
  take(): Item | undefined;
}

/** A queue between whoever learns facts and the one loop that handles them. */
export class Inbox<Item> implements Source<Item> {
  readonly #items: Item[] = [];
  #waiting: PromiseWithResolvers<void> | undefined;
  #failure: { readonly error: unknown } | undefined;

  put(item: Item): void {
    this.#items.push(item);
    this.#waiting?.resolve();
    this.#waiting = undefined;
  }

  /** After the items already there, `ready` rejects with `error`. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#waiting?.reject(error);
    this.#waiting = undefined;
  }

  ready(): Promise<void> {
    if (this.#items.length > 0) return Promise.resolve();
    if (this.#failure !== undefined) return Promise.reject(this.#failure.error);
    this.#waiting ??= Promise.withResolvers<void>();
    return this.#waiting.promise;
  }

  take(): Item | undefined {
    return this.#items.shift();
  }
}

/**
 * The messages of a link, each turned into an input. Nothing is received before `ready` asks for it, so a
 * stage that ends on a message leaves the next one in the link. A clean close rejects with LinkError closed.
 */
export class LinkSource<Item> implements Source<Item> {
  readonly #link: Pick<Link, "receive">;
  readonly #toItem: (message: Uint8Array) => Item;
  #pending: Promise<void> | undefined;
  #item: { readonly value: Item } | undefined;

  constructor(link: Pick<Link, "receive">, toItem: (message: Uint8Array) => Item) {
    this.#link = link;
    this.#toItem = toItem;
  }

  ready(): Promise<void> {
    if (this.#item !== undefined) return Promise.resolve();
    this.#pending ??= this.#receive();
    return this.#pending;
  }

  take(): Item | undefined {
    const item = this.#item;
    if (item === undefined) return undefined;
    this.#item = undefined;
    this.#pending = undefined;
    return item.value;
  }

  async #receive(): Promise<void> {
    const message = await this.#link.receive();
    if (message === undefined) throw new LinkError("closed", "the peer closed the connection");
    this.#item = { value: this.#toItem(message) };
  }
}

/**
 * Items of either source; the first one is asked first. A source that stays silent is waited for once, however often
 * the other one speaks: waiting for it anew each time would pile up what has to be woken.
 */
export function merged<Item>(first: Source<Item>, second: Source<Item>): Source<Item> {
  let waiting: PromiseWithResolvers<void> | undefined;
  const asked = new Set<Source<Item>>();
  function ask(source: Source<Item>): void {
    if (asked.has(source)) return;
    asked.add(source);
    const settle = (how: (waiter: PromiseWithResolvers<void>) => void): void => {
      asked.delete(source);
      const waiter = waiting;
      waiting = undefined;
      if (waiter !== undefined) how(waiter);
    };
    source.ready().then(
      () => settle(({ resolve }) => resolve()),
      (error) => settle(({ reject }) => reject(error)),
    );
  }
  return {
    ready() {
      waiting ??= Promise.withResolvers<void>();
      const { promise } = waiting;
      ask(first);
      ask(second);
      return promise;
    },
    take: () => first.take() ?? second.take(),
  };
}
