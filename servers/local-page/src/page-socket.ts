import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";

/**
 * Looks at a page's first message: `{ token }` of a link, which holds once, or `{ key }` that an earlier one was
 * exchanged for. Gives the key that lets the page in again; undefined when it is not let in.
 */
export type LetIn = (opening: unknown) => string | undefined;

/** What is behind the path of a WebSocket. */
export interface PageSocket {
  /**
   * Takes over a request that came from this page's own origin. Whose connection it is was looked at; `letIn` knows it,
   * so that nobody comes in with what another user was given.
   */
  open(request: IncomingMessage, tcp: Duplex, head: Buffer, letIn: LetIn): void;
  /** Takes no more of them and ends those that are there. Resolves when they are over. */
  close(): Promise<void>;
}
