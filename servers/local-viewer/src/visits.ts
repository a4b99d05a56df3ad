import { pipe } from "@pulpit/link";
import { type nodeClock, websocketLink } from "@pulpit/link-node";
import { PageDoor } from "@pulpit/local-page";
import {
  BridgeClose,
  type BridgeNews,
  type BridgeWish,
  bridgeReached,
  bridgeWishIn,
  endOf,
  type Reach,
} from "@pulpit/viewer";
import type { WebSocket } from "ws";
import { MAX_MESSAGE, MAX_VISITS, WISH_WITHIN } from "./limits.ts";

/** How a host is reached for one visit, as a page wants it. */
export type Reaching = (wish: BridgeWish) => Reach;

/** Visits of pages to the host: each is reached here, and then its bytes go through. */
export class Visits {
  /** Where they come in. */
  readonly door: PageDoor;
  readonly #reaching: Reaching;
  readonly #clock: ReturnType<typeof nodeClock>;

  constructor(reaching: Reaching, clock: ReturnType<typeof nodeClock>) {
    this.#reaching = reaching;
    this.#clock = clock;
    this.door = new PageDoor({
      most: MAX_VISITS,
      maxMessage: MAX_MESSAGE,
      codes: BridgeClose,
      clock,
      entered: (socket) => this.#entered(socket),
    });
  }

  #entered(socket: WebSocket): void {
    const cancel = this.#clock.alarm(this.#clock.now() + WISH_WITHIN, () => socket.terminate());
    socket.once("close", cancel);
    socket.once("message", (data: Buffer, binary) => {
      cancel();
      const wish = binary ? undefined : bridgeWishIn(data.toString());
      if (wish === undefined) socket.terminate();
      else void this.#visit(socket, wish);
    });
  }

  /** Never rejects but for bugs. */
  async #visit(socket: WebSocket, wish: BridgeWish): Promise<void> {
    const page = websocketLink(socket, { transport: "websocket", route: "server", remote: "" }, MAX_MESSAGE);
    const gone = new AbortController();
    socket.once("close", () => gone.abort());
    const tell = (news: BridgeNews): void => {
      if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(news));
    };
    let stage: Parameters<typeof endOf>[1] = "server";
    const steps = {
      found: (trying: Extract<BridgeNews, { type: "found" }>["trying"]) => {
        stage = "relay";
        tell({ type: "found", trying });
      },
      up: () => tell({ type: "up" }),
      // Where the key has to be looked at, it was.
      checkKey: async () => undefined,
    };
    try {
      const reached = await this.#reaching(wish)(steps, gone.signal, new Set(wish.avoid));
      reached.link.limit(MAX_MESSAGE);
      tell(bridgeReached(reached));
      await pipe(page, reached.link, () => undefined);
    } catch (error) {
      tell({ type: "ended", end: endOf(error, stage) });
      await page.close();
    }
  }
}
