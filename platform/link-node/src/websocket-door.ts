import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { Link, Path } from "@pulpit/link";
import { WebSocketServer } from "ws";
import { acceptedWebSocket } from "./accepted-websocket.ts";
import type { Admission, NoRoom } from "./admission.ts";

/** A refusal has this long to leave, ms. */
const REFUSED_WITHIN = 5_000;

/** Why a request did not become a WebSocket. */
export type NotOpened = NoRoom | "malformed";

/** Makes WebSockets of HTTP requests, as many as there is room for. */
export class WebSocketDoor {
  readonly #sockets: WebSocketServer;
  readonly #at: { readonly limit: number; readonly route: Path["route"] };
  readonly #admission: Admission;

  /** `limit`: bytes of a message. */
  constructor(at: { readonly limit: number; readonly route: Path["route"] }, admission: Admission) {
    this.#at = at;
    this.#admission = admission;
    this.#sockets = new WebSocketServer({
      noServer: true,
      maxPayload: at.limit,
      perMessageDeflate: false,
      autoPong: false,
    });
  }

  /** Answers the request one way or the other; `from`: whose it is. Says why when it is no link. */
  open(
    request: IncomingMessage,
    tcp: Duplex,
    head: Buffer,
    from: string,
    onLink: (link: Link) => void,
  ): "opened" | NotOpened {
    const room = this.#admission.enter(from);
    if (room !== "entered") {
      refuseUpgrade(tcp, room === "full" ? 503 : 429);
      return room;
    }
    let opened = false;
    this.#sockets.handleUpgrade(request, tcp, head, (websocket) => {
      opened = true;
      websocket.once("close", () => this.#admission.leave(from));
      const path: Path = { transport: "websocket", route: this.#at.route, remote: from };
      onLink(acceptedWebSocket(websocket, tcp, path, this.#at.limit));
    });
    if (opened) return "opened";
    // The library has told the client what is missing.
    this.#admission.leave(from);
    return "malformed";
  }
}

/** Answers a request for a WebSocket with an error and nothing more. */
export function refuseUpgrade(tcp: Duplex, status: number): void {
  // Node lets the other side keep half of the connection; nobody would ever close it.
  tcp.once("finish", () => tcp.destroy());
  setTimeout(() => tcp.destroy(), REFUSED_WITHIN).unref();
  const retry = status === 503 || status === 429 ? "Retry-After: 30\r\n" : "";
  tcp.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\n${retry}Content-Length: 0\r\n\r\n`);
}
