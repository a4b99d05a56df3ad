import type { nodeClock } from "@pulpit/link-node";
import { PageDoor } from "@pulpit/local-page";
import { BridgeClose, type BridgeGreeting } from "@pulpit/viewer";
import type { WebSocket } from "ws";
import { MAX_PAGES } from "./limits.ts";

/** Longest message of a page, bytes: what lets it in. */
const MAX_OPENING = 1024;

/** The pages that are open: each is told whom it is there for, and says nothing more. */
export class Pages {
  /** Where they come in. */
  readonly door: PageDoor;
  readonly #greeting: Omit<BridgeGreeting, "key">;
  readonly #onPages: (open: number) => void;
  #open = 0;

  constructor(
    greeting: Omit<BridgeGreeting, "key">,
    onPages: (open: number) => void,
    clock: ReturnType<typeof nodeClock>,
  ) {
    this.#greeting = greeting;
    this.#onPages = onPages;
    this.door = new PageDoor({
      most: MAX_PAGES,
      maxMessage: MAX_OPENING,
      codes: BridgeClose,
      clock,
      entered: (socket, key) => this.#entered(socket, key),
    });
  }

  #entered(socket: WebSocket, key: string): void {
    this.#open += 1;
    this.#onPages(this.#open);
    socket.once("close", () => {
      this.#open -= 1;
      this.#onPages(this.#open);
    });
    const greeting: BridgeGreeting = { ...this.#greeting, key };
    socket.send(JSON.stringify(greeting));
  }
}
