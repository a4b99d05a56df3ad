import { type ByteStream, type Dial, type Link, LinkError, type Path } from "@pulpit/link";

/** Unread bytes beyond which a peer is flooding us: a browser can't stop reading a socket. */
const MAX_UNREAD = 64 * 1024 * 1024;
/** Bytes waiting to be sent above which `send` waits. */
const WAIT_ABOVE = 256 * 1024;
/** How often a full socket is looked at again, ms: browsers announce nothing. */
const LOOK_AGAIN = 10;
const CONNECT_TIMEOUT = 18_000;
/** Largest message before anybody asked for another limit, bytes. */
const LIMIT = 64 * 1024;

/** Dials WebSockets from a page. `address`: ws:// or wss://. */
export const dialWebSocket: Dial = async (address, { route, signal }) => {
  if (signal.aborted) throw aborted(signal);
  const socket = openSocket(address);
  const link = websocketLink(socket, { transport: "websocket", route, remote: new URL(address).host });
  const opened = Promise.withResolvers<void>();
  const timer = setTimeout(() => opened.reject(new LinkError("timed-out", "no answer")), CONNECT_TIMEOUT);
  const abort = (): void => opened.reject(aborted(signal));
  signal.addEventListener("abort", abort, { once: true });
  socket.addEventListener("open", () => opened.resolve());
  // A browser does not say why: refused, unreachable and turned away look the same.
  socket.addEventListener("close", () => opened.reject(new LinkError("unreachable", "no connection")));
  try {
    await opened.promise;
    return link;
  } catch (error) {
    socket.close();
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
  }
};

function openSocket(address: string): WebSocket {
  try {
    const socket = new WebSocket(address);
    socket.binaryType = "arraybuffer";
    return socket;
  } catch (cause) {
    throw new LinkError("not-found", "not an address", { cause });
  }
}

function aborted(signal: { readonly reason: unknown }): LinkError {
  return new LinkError("aborted", "aborted", { cause: signal.reason });
}

/** A WebSocket as a link: one binary message is one message; text is for others. Its `binaryType` has to be `arraybuffer`. */
export function websocketLink(socket: WebSocket, path: Path): Link {
  const unread: Uint8Array[] = [];
  let unreadBytes = 0;
  let limit = LIMIT;
  let failure: LinkError | undefined;
  let ended = false;
  let wake = (): void => undefined;

  socket.addEventListener("message", ({ data }) => {
    if (!(data instanceof ArrayBuffer) || failure !== undefined) return;
    unreadBytes += data.byteLength;
    if (data.byteLength > limit || unreadBytes > MAX_UNREAD) {
      failure = new LinkError("too-large", `message of ${data.byteLength} bytes`);
      socket.close();
    } else unread.push(new Uint8Array(data));
    wake();
  });
  socket.addEventListener("close", ({ code, wasClean }) => {
    ended = true;
    if (!wasClean || code === 1006) failure ??= new LinkError("reset", "the connection broke");
    wake();
  });

  async function receive(): Promise<Uint8Array | undefined> {
    for (;;) {
      const message = unread.shift();
      if (message !== undefined) {
        unreadBytes -= message.length;
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
    socket.send(message as Uint8Array<ArrayBuffer>);
    while (socket.bufferedAmount > WAIT_ABOVE && socket.readyState === WebSocket.OPEN) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN));
    }
  }

  async function close(): Promise<void> {
    if (socket.readyState === WebSocket.CLOSED) return;
    // The closing handshake goes on by itself; a page has nothing to wait for.
    socket.close(1000);
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
      limit = bytes;
    },
    detach: () => stream,
    close,
  };
}
