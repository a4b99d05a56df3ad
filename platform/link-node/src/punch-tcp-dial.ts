import { lookup } from "node:dns/promises";
import { once } from "node:events";
import { isIP, type Socket } from "node:net";
import { type ByteStream, LinkError, type Path } from "@pulpit/link";
import { linkError } from "./from-errno.ts";
import { type BindShared, type NumericAddress, nodeSockets, sharedSockets } from "./punch-tcp-sockets.ts";
import { socketStream } from "./tcp.ts";

/** Connecting takes at most this, all addresses of a name together, ms (docs/protocol/rendezvous.md, section 8). */
const CONNECT_WITHIN = 18_000;
/** Addresses of a name that are tried. */
const MAX_ADDRESSES = 4;
/** Free ports that are tried where we have to guess them. */
const MAX_GUESSES = 8;

export interface DialFromOptions {
  readonly route: Path["route"];
  readonly signal: AbortSignal;
  /** Only addresses of this kind: that of whom a hole is to be punched for. */
  readonly family?: 4 | 6;
  readonly bindShared?: BindShared;
}

/**
 * A connection from a local port that can be used again for others, by whom `punchTcp` or this is called next.
 * `localPort` 0 takes a free one, and the result says which. Rejects with LinkError.
 * Source: docs/protocol/rendezvous.md, section 4.10; docs/protocol/wire.md, section 2.5.
 */
export async function dialFrom(
  localPort: number,
  to: { readonly host: string; readonly port: number },
  options: DialFromOptions,
): Promise<{ readonly stream: ByteStream; readonly localPort: number }> {
  const { signal, route } = options;
  if (signal.aborted) throw new LinkError("aborted", "aborted", { cause: signal.reason });
  const hosts = await abortable(addressesOf(to.host, options.family), signal);
  let last: unknown = new LinkError("not-found", "no address of this kind");
  for (const host of hosts) {
    for (let guess = 0; guess < (localPort === 0 ? MAX_GUESSES : 1); guess++) {
      try {
        const socket = await connected(localPort, { host, port: to.port }, CONNECT_WITHIN / hosts.length, options);
        return { localPort: socket.localPort ?? localPort, stream: socketStream(socket, route) };
      } catch (error) {
        last = error;
        if (signal.aborted) throw new LinkError("aborted", "aborted", { cause: signal.reason });
        if (!isTaken(error)) break;
      }
    }
  }
  throw linkError(last);
}

async function addressesOf(host: string, family: 4 | 6 | undefined): Promise<readonly string[]> {
  if (isIP(host) !== 0) return family === undefined || isIP(host) === family ? [host] : [];
  const found = await lookup(host, { all: true, family: family ?? 0 });
  return found.slice(0, MAX_ADDRESSES).map(({ address }) => address);
}

/** A look-up can't be stopped; its answer is of no interest any more. */
async function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const ended = new AbortController();
  const aborted = once(signal, "abort", { signal: ended.signal }).then((): never => {
    throw new LinkError("aborted", "aborted", { cause: signal.reason });
  });
  aborted.catch(() => undefined);
  try {
    return await Promise.race([work, aborted]);
  } catch (error) {
    throw linkError(error);
  } finally {
    ended.abort();
  }
}

async function connected(
  localPort: number,
  to: NumericAddress,
  within: number,
  { signal, bindShared }: DialFromOptions,
): Promise<Socket> {
  const socket = (bindShared === undefined ? nodeSockets : sharedSockets(bindShared)).connect(localPort, to);
  const timer = setTimeout(() => socket.destroy(new LinkError("timed-out", "no answer")), within);
  const abort = (): void => {
    socket.destroy(new LinkError("aborted", "aborted", { cause: signal.reason }));
  };
  signal.addEventListener("abort", abort, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("error", reject);
    });
    return socket;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EADDRINUSE";
}
