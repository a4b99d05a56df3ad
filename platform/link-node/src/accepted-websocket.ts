import type { Duplex } from "node:stream";
import type { Link, Path } from "@pulpit/link";
import type { WebSocket } from "ws";
import { websocketLink } from "./websocket.ts";

/** A ping goes out this often, ms: proxies take a connection that is silent for 60 s for dead. */
const PING_EVERY = 30_000;
/** Pings in a row without a byte in return, after which the peer is gone: 150 s, stock clients need 120. */
const MAX_UNHEARD = 5;
/** Bytes waiting to be sent above which a peer's pings get no answer: it does not read them. */
const MAX_BEFORE_PONG: number = 1024 * 1024;
/** What may come besides a message of full size before it counts as too large, bytes: frames' headers, one read. */
const MAX_SLACK: number = 128 * 1024;
/** A client's control frame besides its content, bytes. */
const CONTROL_FRAME = 6;

/**
 * A WebSocket that a stranger opened, as a link. Pings keep it open and find out when the peer is gone. The limit on
 * messages, which the link can change, holds while one arrives and not only when it is there. `limit`: bytes.
 * The server that made it must leave pongs to this (`autoPong: false`).
 */
export function acceptedWebSocket(websocket: WebSocket, tcp: Duplex, path: Path, limit: number): Link {
  const link = websocketLink(websocket, path, limit);
  let maxMessage = limit;
  let sinceMessage = 0;
  let heard = false;
  let unheard = 0;
  tcp.on("data", (chunk: Uint8Array) => {
    heard = true;
    sinceMessage += chunk.length;
    if (sinceMessage > maxMessage + MAX_SLACK) websocket.terminate();
  });
  websocket.on("message", () => {
    sinceMessage = 0;
  });
  const control = (data: Uint8Array): void => {
    sinceMessage = Math.max(0, sinceMessage - data.length - CONTROL_FRAME);
  };
  websocket.on("pong", control);
  websocket.on("ping", (data: Uint8Array) => {
    control(data);
    if (websocket.bufferedAmount < MAX_BEFORE_PONG) websocket.pong(data);
  });
  const beat = setInterval(() => {
    // One that is not read, because its partner is slow, may have said a lot.
    unheard = heard || websocket.isPaused ? 0 : unheard + 1;
    heard = false;
    if (unheard > MAX_UNHEARD) websocket.terminate();
    else websocket.ping();
  }, PING_EVERY);
  beat.unref();
  websocket.once("close", () => clearInterval(beat));

  return {
    path: link.path,
    receive: link.receive,
    get queuedBytes() {
      return link.queuedBytes;
    },
    send: link.send,
    limit(bytes) {
      maxMessage = bytes;
      link.limit(bytes);
    },
    detach: link.detach,
    close: link.close,
  };
}
