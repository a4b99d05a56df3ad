/** A browser has this long to open the page, ms: somebody may have to copy the link to it. */
const OPEN_WITHIN = 60_000;
/** A page that is loaded anew is away for less than this, ms. */
const AWAY_FOR = 10_000;

/** Knows when the last page is gone for good. */
export class PageLife {
  readonly #over = Promise.withResolvers<"never-opened" | "closed">();
  #timer = setTimeout(() => this.#over.resolve("never-opened"), OPEN_WITHIN);

  /** `open`: pages there are now. */
  changed(open: number): void {
    clearTimeout(this.#timer);
    if (open === 0) this.#timer = setTimeout(() => this.#over.resolve("closed"), AWAY_FOR);
  }

  /** Resolves when nobody looks any more. */
  get over(): Promise<"never-opened" | "closed"> {
    return this.#over.promise;
  }

  /** Waits for nothing any more. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}
