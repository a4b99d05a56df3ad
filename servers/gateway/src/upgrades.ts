import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Link } from "@pulpit/link";
import { type AddressList, Admission, MAX_WEBSOCKET_MESSAGE, refuseUpgrade, WebSocketDoor } from "@pulpit/link-node";
import { type Client, clientOf } from "./client.ts";
import { type GatewayConfig, MAX_ID_MESSAGE, MAX_WEBSOCKETS, MAX_WEBSOCKETS_PER_ADDRESS } from "./config.ts";
import type { Origins } from "./origins.ts";
import type { Refusals } from "./refusals.ts";

/** The servers behind the WebSockets. Both resolve when the link is over. */
export interface Behind {
  /** A link to the ID server. The port of who is behind it means nothing and is 0. */
  acceptId(link: Link, from: { readonly host: string; readonly port: number }): Promise<void>;
  /** A link to the relay. */
  acceptRelay(link: Link, address: string): Promise<void>;
}

interface Rules {
  readonly trusted: AddressList;
  readonly origins: Origins;
  readonly refusals: Refusals;
}

/** Requests for WebSockets: who may have one, and where it leads. */
export class Upgrades {
  readonly open: Record<"id" | "relay", Set<Link>> = { id: new Set(), relay: new Set() };
  /** No new ones from now on. */
  draining = false;
  readonly #plainHttp: GatewayConfig["plainHttp"];
  readonly #behind: Behind;
  readonly #rules: Rules;
  readonly #doors: Record<"id" | "relay", WebSocketDoor>;

  constructor(plainHttp: GatewayConfig["plainHttp"], behind: Behind, rules: Rules) {
    this.#plainHttp = plainHttp;
    this.#behind = behind;
    this.#rules = rules;
    const admission = new Admission({ all: MAX_WEBSOCKETS, perAddress: MAX_WEBSOCKETS_PER_ADDRESS });
    this.#doors = {
      id: new WebSocketDoor({ limit: MAX_ID_MESSAGE, route: "server" }, admission),
      relay: new WebSocketDoor({ limit: MAX_WEBSOCKET_MESSAGE, route: "relay" }, admission),
    };
  }

  handle(request: IncomingMessage, tcp: Duplex, head: Buffer): void {
    // Node leaves this socket without anybody who hears of its errors.
    tcp.on("error", () => tcp.destroy());
    const { trusted, refusals } = this.#rules;
    const client = clientOf(request, trusted);
    const service = serviceOf(request.url);
    if (service === undefined) {
      refusals.count(client.address, "unknown-path");
      refuseUpgrade(tcp, 404);
      return;
    }
    const why = this.#against(client, request.headers.origin);
    if (why !== undefined) {
      refusals.count(client.address, why);
      refuseUpgrade(tcp, why === "draining" ? 503 : 403);
      return;
    }
    const outcome = this.#doors[service].open(request, tcp, head, client.address, (link) => {
      const open = this.open[service];
      open.add(link);
      const served =
        service === "id"
          ? this.#behind.acceptId(link, { host: client.address, port: 0 })
          : this.#behind.acceptRelay(link, client.address);
      void served.finally(() => open.delete(link));
    });
    if (outcome !== "opened") refusals.count(client.address, outcome);
  }

  #against(client: Client, origin: string | undefined): "insecure" | "foreign-origin" | "draining" | undefined {
    if (client.came === "plain" && this.#plainHttp === "loopback") return "insecure";
    if (!this.#rules.origins.allows(origin, client.host)) return "foreign-origin";
    return this.draining ? "draining" : undefined;
  }

  /** Ends all that are open. */
  async closeAll(): Promise<void> {
    const { id, relay } = this.open;
    await Promise.all([...id, ...relay].map((link) => link.close()));
  }
}

/** Undefined for any other path, and for what is no URL at all. */
function serviceOf(url: string | undefined): "id" | "relay" | undefined {
  const base = "http://gateway";
  const path = url !== undefined && URL.canParse(url, base) ? new URL(url, base).pathname : undefined;
  if (path === "/ws/id") return "id";
  return path === "/ws/relay" ? "relay" : undefined;
}
