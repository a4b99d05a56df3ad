import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { PageClose } from "@pulpit/host-control";
import { type nodeClock, refuseUpgrade } from "@pulpit/link-node";
import { type WebSocket, WebSocketServer } from "ws";
import { MAX_MESSAGE, MAX_PAGES, MAX_WAITING, OPENING_WITHIN } from "./config.ts";
import type { Doorkeeper } from "./doorkeeper.ts";
import { Page, type PageWorld } from "./page.ts";
import { part } from "./parting.ts";

/** The WebSockets of pages: those that have said what lets them in, and those that have not yet. */
export class Channel {
  readonly #doorkeeper: Doorkeeper;
  readonly #world: PageWorld;
  readonly #alarm: ReturnType<typeof nodeClock>["alarm"];
  readonly #door = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE,
    perMessageDeflate: false,
    // Browsers never ping; whoever does could make answers pile up.
    autoPong: false,
    clientTracking: false,
  });
  readonly #waiting = new Set<WebSocket>();
  readonly #pages = new Map<WebSocket, Page>();
  #over = false;

  constructor(doorkeeper: Doorkeeper, world: PageWorld, alarm: ReturnType<typeof nodeClock>["alarm"]) {
    this.#doorkeeper = doorkeeper;
    this.#world = world;
    this.#alarm = alarm;
  }

  /** Takes over a request that may have a WebSocket. `user`: whose it is (uid). */
  open(request: IncomingMessage, tcp: Duplex, head: Buffer, user: number | undefined): void {
    if (this.#over) refuseUpgrade(tcp, 503);
    else if (this.#waiting.size >= MAX_WAITING) refuseUpgrade(tcp, 429);
    else this.#door.handleUpgrade(request, tcp, head, (socket) => this.#wait(socket, user));
  }

  /** Pages that are in. */
  get pages(): number {
    return this.#pages.size;
  }

  /** Shows all pages what is new. */
  changed(): void {
    for (const page of this.#pages.values()) page.changed();
  }

  /** Tells all pages that the host ends. */
  async close(): Promise<void> {
    this.#over = true;
    const sockets = [...this.#waiting, ...this.#pages.keys()];
    await Promise.all(sockets.map((socket) => part(socket, PageClose.hostStopped)));
  }

  #wait(socket: WebSocket, user: number | undefined): void {
    this.#waiting.add(socket);
    const cancel = this.#alarm(this.#world.now() + OPENING_WITHIN, () => void part(socket, PageClose.notLetIn));
    // The library closes the connection itself after what it can't read.
    socket.on("error", () => undefined);
    socket.once("close", () => {
      cancel();
      this.#waiting.delete(socket);
      this.#pages.delete(socket);
    });
    socket.on("message", (data, binary) => {
      // After a close of ours the other side may go on for a while.
      if (socket.readyState !== socket.OPEN) return;
      const text = binary ? undefined : data.toString();
      const page = this.#pages.get(socket);
      if (page !== undefined) {
        page.received(text);
      } else {
        cancel();
        this.#begin(socket, text, user);
      }
    });
  }

  #begin(socket: WebSocket, text: string | undefined, user: number | undefined): void {
    // Before the token is looked at: it still holds when there is room again.
    if (this.#pages.size >= MAX_PAGES) {
      void part(socket, PageClose.tooMany);
      return;
    }
    const key = this.#doorkeeper.letIn(openingIn(text), user);
    if (key === undefined) {
      void part(socket, PageClose.notLetIn);
      return;
    }
    this.#waiting.delete(socket);
    const page = new Page(socket, this.#world);
    this.#pages.set(socket, page);
    page.welcome(key);
  }
}

function openingIn(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
