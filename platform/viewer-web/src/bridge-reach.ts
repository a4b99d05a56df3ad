import { type Link, LinkError, over } from "@pulpit/link";
import { websocketLink } from "@pulpit/link-browser";
import { BRIDGE_PATHS, type BridgeNews, type BridgeWish, bridgeNewsIn, Ended, type Reach } from "@pulpit/viewer";

/**
 * Reaches the host by the program that serves this page, which has ways that no browser has. `key`: lets this page in.
 * `wish` without what has failed before.
 */
export function bridgeReach(key: string, wish: Omit<BridgeWish, "avoid">): Reach {
  return async (steps, signal, avoid) => {
    if (signal.aborted) throw aborted(signal);
    const socket = new WebSocket(bridgeAddress(BRIDGE_PATHS.visit));
    socket.binaryType = "arraybuffer";
    // From the beginning: the first bytes of the host may come right behind the news that it was reached.
    const link = websocketLink(socket, { transport: "websocket", route: "server", remote: "" });
    const abort = (): void => void link.close();
    signal.addEventListener("abort", abort, { once: true });
    try {
      const reached = await new Promise<Extract<BridgeNews, { type: "reached" }>>((resolve, reject) => {
        const opening = { key };
        socket.addEventListener("open", () => {
          socket.send(JSON.stringify(opening));
          socket.send(JSON.stringify({ ...wish, avoid: [...avoid] }));
        });
        socket.addEventListener("close", () => {
          reject(signal.aborted ? aborted(signal) : new LinkError("closed", "the program beside this page is gone"));
        });
        socket.addEventListener("message", ({ data }) => {
          if (typeof data !== "string") return;
          const news = bridgeNewsIn(data);
          if (news === undefined) reject(new LinkError("malformed", "not what such a program says"));
          else if (news.type === "found") steps.found(news.trying);
          else if (news.type === "up") steps.up();
          else if (news.type === "ended") reject(new Ended(news.end));
          else resolve(news);
        });
      });
      const { name, hostId, encrypted, path, ways } = reached;
      const hostKey = reached.hostKey === undefined ? undefined : bytesOf(reached.hostKey);
      return { link: along(link, path), name, hostId, encrypted, hostKey, ways };
    } catch (error) {
      void link.close();
      throw error;
    } finally {
      signal.removeEventListener("abort", abort);
    }
  };
}

/** A path of this page's own program, for a WebSocket. */
export function bridgeAddress(path: string): string {
  const address = new URL(path, location.href);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  return address.href;
}

/** The link with the path on which the host is really reached. */
function along(link: Link, path: Link["path"]): Link {
  return over(link, {
    path,
  });
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}

function aborted(signal: AbortSignal): LinkError {
  return new LinkError("aborted", "aborted", { cause: signal.reason });
}
