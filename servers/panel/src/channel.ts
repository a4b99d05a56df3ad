import { PageClose } from "@pulpit/host-control";
import type { nodeClock } from "@pulpit/link-node";
import { PageDoor } from "@pulpit/local-page";
import type { WebSocket } from "ws";
import { MAX_MESSAGE, MAX_PAGES } from "./config.ts";
import { Page, type PageWorld } from "./page.ts";

/** The pages that are in. */
export class Channel {
  /** Where they come in. */
  readonly door: PageDoor;
  readonly #world: PageWorld;
  readonly #pages = new Set<Page>();

  constructor(world: PageWorld, clock: ReturnType<typeof nodeClock>) {
    this.#world = world;
    const { notLetIn, tooMany, hostStopped } = PageClose;
    this.door = new PageDoor({
      most: MAX_PAGES,
      maxMessage: MAX_MESSAGE,
      codes: { notLetIn, tooMany, over: hostStopped },
      clock,
      entered: (socket, key) => this.#begin(socket, key),
    });
  }

  /** Pages that are in. */
  get pages(): number {
    return this.#pages.size;
  }

  /** Shows all pages what is new. */
  changed(): void {
    for (const page of this.#pages) page.changed();
  }

  #begin(socket: WebSocket, key: string): void {
    const page = new Page(socket, this.#world);
    this.#pages.add(page);
    socket.once("close", () => this.#pages.delete(page));
    socket.on("message", (data, binary) => {
      // After a close of ours the other side may go on for a while.
      if (socket.readyState === socket.OPEN) page.received(binary ? undefined : data.toString());
    });
    page.welcome(key);
  }
}
