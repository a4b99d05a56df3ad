import type { Agent } from "node:http";
import { type ByteStream, type Link, LinkError, type Path } from "@pulpit/link";
import { WebSocket } from "ws";
import { linkError } from "./from-errno.ts";

/** Unread bytes beyond which the socket is not read any further. */
const PAUSE_ABOVE = 1024 * 1024;
/** What a message takes besides its bytes: without counting it, empty ones could pile up without end. */
const OVERHEAD = 128;
/** Bytes waiting to be sent above which `send` waits. */
const WAIT_ABOVE = 256 * 1024;
/** The library's own bound on a message, bytes; `limit` narrows it (docs/protocol/wire.md, section 4.1). */
export const MAX_WEBSOCKET_MESSAGE: number = 64 * 1024 * 1024;
const CONNECT_TIMEOUT = 18_000;
const LINGER = 5_000;

/** A WebSocket as a link: one binary message is one message; text is not ours and ignored. */
export function websocketLink(socket: WebSocket, path: Path, limit: number): Link {
  const unread: Uint8Array[] = [];
  let unreadBytes = 0;
  let maxMessage = limit;
  let failure: LinkError | undefined;
  let ended = false;
  let wake = (): void => undefined;
  socket.binaryType = "nodebuffer";
  socket.on("message", (data: Buffer, isBinary) => {
    if (!isBinary) return;
    if (data.length > maxMessage) {
      failure ??= new LinkError("too-large", `message of ${data.length} bytes, limit ${maxMessage}`);
      socket.terminate();
      return;
    }
    unread.push(data);
    unreadBytes += data.length + OVERHEAD;
    if (unreadBytes > PAUSE_ABOVE) socket.pause();
    wake();
  });
  socket.on("error", (error) => {
    failure ??= linkError(error);
    wake();
  });
  socket.on("close", (code) => {
    ended = true;
    // 1006: the connection broke without a farewell.
    if (code === 1006) failure ??= new LinkError("reset", "the connection broke");
    wake();
  });

  async function receive(): Promise<Uint8Array | undefined> {
    for (;;) {
      const message = unread.shift();
      if (message !== undefined) {
        unreadBytes -= message.length + OVERHEAD;
        if (socket.isPaused && unreadBytes <= PAUSE_ABOVE / 2) socket.resume();
        return message;
      }
      if (failure !== undefined) throw failure;
      if (ended) return undefined;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }

  async function send(message: Uint8Array): Promise<void> {
    if (failure !== undefined) throw failure;
    if (socket.readyState !== WebSocket.OPEN) throw new LinkError("closed", "the connection is closed");
    const left = new Promise<void>((resolve, reject) => {
      socket.send(message, { binary: true }, (error) => (error ? reject(linkError(error)) : resolve()));
    });
    if (socket.bufferedAmount > WAIT_ABOVE) await left;
    else left.catch(() => undefined);
  }

  async function close(reason?: Error): Promise<void> {
    if (reason !== undefined) socket.terminate();
    if (socket.readyState === WebSocket.CLOSED) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => socket.terminate(), LINGER);
      socket.once("close", () => {
        clearTimeout(timer);
        resolve();
      });
      // A paused socket would never see the peer's answer to the close.
      socket.resume();
      socket.close(1000);
    });
  }

  const stream: ByteStream = {
    path,
    read: receive,
    get queuedBytes() {
      return socket.bufferedAmount;
    },
    write: async (...parts) => {
      for (const part of parts) await send(part);
    },
    close,
  };

  return {
    path,
    receive,
    get queuedBytes() {
      return socket.bufferedAmount;
    },
    send,
    limit: (bytes) => {
      maxMessage = bytes;
    },
    detach: () => stream,
    close,
  };
}

/** Opens a WebSocket. `url`: ws:// or wss://. Rejects with LinkError. */
export async function dialWebSocket(
  url: string,
  options: {
    readonly route: Path["route"];
    readonly signal: AbortSignal;
    readonly limit: number;
    /** Where the connection comes from, such as a proxy's tunnel. */
    readonly agent?: Agent;
  },
): Promise<Link> {
  const { route, signal, limit, agent } = options;
  if (signal.aborted) throw new LinkError("aborted", "aborted", { cause: signal.reason });
  const socket = new WebSocket(url, {
    perMessageDeflate: false,
    maxPayload: MAX_WEBSOCKET_MESSAGE,
    handshakeTimeout: CONNECT_TIMEOUT,
    ...(agent === undefined ? {} : { agent }),
  });
  const link = websocketLink(socket, { transport: "websocket", route, remote: new URL(url).host }, limit);
  const abort = (): void => socket.terminate();
  signal.addEventListener("abort", abort, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once("open", resolve);
      socket.once("error", reject);
      socket.once("close", () => reject(new LinkError("reset", "the connection broke")));
    });
  } catch (error) {
    throw signal.aborted ? new LinkError("aborted", "aborted", { cause: signal.reason }) : linkError(error);
  } finally {
    signal.removeEventListener("abort", abort);
  }
  return link;
}
