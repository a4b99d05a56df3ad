import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type nodeClock, refuseUpgrade } from "@pulpit/link-node";
import { type WebSocket, WebSocketServer } from "ws";
import { MAX_WAITING, OPENING_WITHIN } from "./config.ts";
import type { LetIn, PageSocket } from "./page-socket.ts";
import { part } from "./parting.ts";

export interface PageDoorOptions {
  /** WebSockets that are in at a time. */
  readonly most: number;
  /** Longest message, bytes, the first one and those after it. */
  readonly maxMessage: number;
  /** Close codes: what a page is told when nothing lets it in, when there is no room, and when this program ends. */
  readonly codes: { readonly notLetIn: number; readonly tooMany: number; readonly over: number };
  readonly clock: ReturnType<typeof nodeClock>;
  /**
   * A page is in: from here on its messages are the owner's, from the next one on. Its errors are heard already; `key`
   * lets it in again.
   */
  readonly entered: (socket: WebSocket, key: string) => void;
}

/** The WebSockets of pages: those that have said what lets them in, and those that have not yet. */
export class PageDoor implements PageSocket {
  readonly #options: PageDoorOptions;
  readonly #sockets: WebSocketServer;
  readonly #waiting = new Set<WebSocket>();
  readonly #in = new Set<WebSocket>();
  #over = false;

  constructor(options: PageDoorOptions) {
    this.#options = options;
    this.#sockets = new WebSocketServer({
      noServer: true,
      maxPayload: options.maxMessage,
      perMessageDeflate: false,
      // Browsers never ping; whoever does could make answers pile up.
      autoPong: false,
      clientTracking: false,
    });
  }

  open(request: IncomingMessage, tcp: Duplex, head: Buffer, letIn: LetIn): void {
    if (this.#over) refuseUpgrade(tcp, 503);
    else if (this.#waiting.size >= MAX_WAITING) refuseUpgrade(tcp, 429);
    else this.#sockets.handleUpgrade(request, tcp, head, (socket) => this.#wait(socket, letIn));
  }

  async close(): Promise<void> {
    this.#over = true;
    const sockets = [...this.#waiting, ...this.#in];
    await Promise.all(sockets.map((socket) => part(socket, this.#options.codes.over)));
  }

  #wait(socket: WebSocket, letIn: LetIn): void {
    const { clock, codes } = this.#options;
    this.#waiting.add(socket);
    const cancel = clock.alarm(clock.now() + OPENING_WITHIN, () => void part(socket, codes.notLetIn));
    // The library closes the connection itself after what it can't read.
    socket.on("error", () => undefined);
    socket.once("close", () => {
      cancel();
      this.#waiting.delete(socket);
      this.#in.delete(socket);
    });
    socket.once("message", (data, binary) => {
      // After a close of ours the other side may go on for a while.
      if (socket.readyState !== socket.OPEN) return;
      cancel();
      this.#begin(socket, binary ? undefined : data.toString(), letIn);
    });
  }

  #begin(socket: WebSocket, text: string | undefined, letIn: LetIn): void {
    const { most, codes, entered } = this.#options;
    // Before the token is looked at: it still holds when there is room again.
    if (this.#in.size >= most) {
      void part(socket, codes.tooMany);
      return;
    }
    const key = letIn(openingIn(text));
    if (key === undefined) {
      void part(socket, codes.notLetIn);
      return;
    }
    this.#waiting.delete(socket);
    this.#in.add(socket);
    entered(socket, key);
  }
}

function openingIn(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
