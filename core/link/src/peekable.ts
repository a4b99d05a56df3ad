import type { Link } from "./link.ts";
import { over } from "./over.ts";

/** A link whose next message can be looked at by one and taken by another. */
export interface PeekableLink extends Link {
  /** What `receive` gives next. May be called again while it waits. */
  peek(): Promise<Uint8Array | undefined>;
}

/** From here on the link belongs to what is returned. */
export function peekable(link: Link): PeekableLink {
  let next: Promise<Uint8Array | undefined> | undefined;
  const peek = (): Promise<Uint8Array | undefined> => {
    if (next === undefined) {
      next = link.receive();
      // Whoever takes it hears of the error; nobody may.
      next.catch(() => undefined);
    }
    return next;
  };
  const receive = (): Promise<Uint8Array | undefined> => {
    const message = peek();
    next = undefined;
    return message;
  };
  return Object.assign(over(link, { receive }), { peek });
}
