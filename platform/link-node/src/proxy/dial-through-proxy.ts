import { connect, isIP, type Socket } from "node:net";
import { type TLSSocket, connect as tlsConnect } from "node:tls";
import { type ByteStream, LinkError, type Path } from "@pulpit/link";
import { linkError } from "../from-errno.ts";
import { socketStream } from "../tcp.ts";
import { ProxyConversation } from "./conversation.ts";
import { connectHttp } from "./http-connect.ts";
import { checkProxiedAddress, type ProxiedAddress } from "./proxied-address.ts";
import { ProxyError } from "./proxy-error.ts";
import type { ProxySetting } from "./proxy-setting.ts";
import { connectSocks5 } from "./socks5.ts";

/** Reaching the proxy and hearing from it take at most this together, ms, as long as a connection without one. */
const CONNECT_WITHIN = 18_000;

export interface ProxyDialOptions {
  readonly signal: AbortSignal;
  /** Instead of the usual 18 s, ms. */
  readonly within?: number;
  /** Authorities whose word about an https proxy counts, PEM, instead of the system's. */
  readonly authorities?: readonly string[];
}

/**
 * A connection to `target` through a proxy, as bytes. The name of the target is looked up by the proxy alone.
 * Rejects with LinkError; what the proxy itself did is a ProxyError.
 * Source: docs/protocol/wire.md, section 7.
 */
export async function dialThroughProxy(
  proxy: ProxySetting,
  target: ProxiedAddress,
  options: ProxyDialOptions & { readonly route: Path["route"] },
): Promise<ByteStream> {
  return through(proxy, target, options, (socket) => tunnelStream(socket, target, options.route));
}

/** The same as a socket, for those who speak HTTP or TLS over it. */
export async function openThroughProxy(
  proxy: ProxySetting,
  target: ProxiedAddress,
  options: ProxyDialOptions,
): Promise<Socket> {
  return through(proxy, target, options, (socket) => {
    // Between here and the new owner's own listener nothing may throw into the void; it still sees the socket closed.
    socket.on("error", () => undefined);
    return socket;
  });
}

/** `use` gets the socket in the same turn in which the proxy said yes: no byte and no error falls between. */
async function through<T>(
  proxy: ProxySetting,
  target: ProxiedAddress,
  options: ProxyDialOptions,
  use: (socket: Socket) => T,
): Promise<T> {
  const { signal } = options;
  if (signal.aborted) throw new LinkError("aborted", "aborted", { cause: signal.reason });
  checkProxiedAddress(target);
  const socket = open(proxy, options.authorities);
  const timer = setTimeout(
    () => socket.destroy(new ProxyError("no-proxy", "no answer in time", { code: "timed-out" })),
    options.within ?? CONNECT_WITHIN,
  );
  const abort = (): void => {
    socket.destroy(new LinkError("aborted", "aborted", { cause: signal.reason }));
  };
  signal.addEventListener("abort", abort, { once: true });
  try {
    await opened(socket, proxy.scheme === "https" ? "secureConnect" : "connect");
    socket.setNoDelay(true);
    using conversation = new ProxyConversation(socket);
    const speak = proxy.scheme === "socks5" ? connectSocks5 : connectHttp;
    await speak(conversation, target, proxy.credentials());
    return use(socket);
  } catch (error) {
    // Whatever comes after the first error concerns nobody.
    socket.on("error", () => undefined);
    socket.destroy();
    throw linkError(error);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
  }
}

function open({ scheme, host, port }: ProxySetting, authorities: readonly string[] | undefined): Socket {
  if (scheme !== "https") return connect({ host, port });
  return tlsConnect({
    host,
    port,
    ALPNProtocols: ["http/1.1"],
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(authorities === undefined ? {} : { ca: [...authorities] }),
  });
}

/** Rejects with ProxyError: until here only the proxy is concerned. */
async function opened(socket: Socket, event: "connect" | "secureConnect"): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once(event, resolve);
      socket.once("error", reject);
      socket.once("close", () => reject(new ProxyError("no-proxy", "hung up", { code: "reset" })));
    });
  } catch (error) {
    if (error instanceof LinkError) throw error;
    const isUntrusted = event === "secureConnect" && (socket as TLSSocket).authorizationError != null;
    const { code, message } = isUntrusted ? new LinkError("wrong-key", "not to be trusted") : linkError(error);
    throw new ProxyError("no-proxy", message, { code, cause: error });
  }
}

function tunnelStream(socket: Socket, target: ProxiedAddress, route: Path["route"]): ByteStream {
  const stream = socketStream(socket, route);
  const host = target.host.includes(":") ? `[${target.host}]` : target.host;
  return {
    // The far end is what counts; the socket knows the proxy only.
    path: { transport: "tcp", route, remote: `${host}:${target.port}` },
    read: () => stream.read(),
    get queuedBytes() {
      return stream.queuedBytes;
    },
    write: (...parts) => stream.write(...parts),
    async close(reason) {
      // Node resets plain sockets only; one with TLS can be dropped.
      if (reason !== undefined && "encrypted" in socket) socket.destroy();
      await stream.close(reason !== undefined && "encrypted" in socket ? undefined : reason);
    },
  };
}
