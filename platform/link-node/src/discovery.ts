import { createSocket, type Socket } from "node:dgram";
import { networkInterfaces } from "node:os";
import { DISCOVERY_PORT, DISCOVERY_QUESTION, type Discovered, discoveredIn, discoveryAnswer } from "@pulpit/protocol";
import { decodeServerMessage, encodeServerMessage, type ServerMessage, WireError } from "@pulpit/wire";
import { linkError } from "./from-errno.ts";

/** Nobody answers later than this after the last answer, ms (docs/protocol/rendezvous.md, section 4.18). */
const QUIET = 3_000;
/** Questions answered in a second: a network has not that many viewers. */
const ANSWERS_PER_SECOND = 20;
/** Hosts that are listed. */
const MAX_FOUND = 256;
/** A datagram of this conversation, bytes. */
const MAX_DATAGRAM = 2_048;

/** A host of this network, and where it answered from. */
export interface FoundHost extends Discovered {
  readonly address: string;
}

/**
 * Asks the networks this machine is on for hosts; each is told once. Resolves when nobody has answered for a while.
 * `port` and `to`: for tests.
 */
export async function discover(
  found: (host: FoundHost) => void,
  options: {
    readonly signal: AbortSignal;
    readonly port?: number;
    readonly to?: readonly (readonly [string, string])[];
  },
): Promise<void> {
  const { signal, port = DISCOVERY_PORT } = options;
  const known = new Set<string>();
  const quiet = Promise.withResolvers<void>();
  let timer = setTimeout(quiet.resolve, QUIET);
  const sockets: Socket[] = [];
  const question = encodeServerMessage(DISCOVERY_QUESTION);
  for (const [from, to] of options.to ?? broadcasts()) {
    const socket = createSocket("udp4");
    sockets.push(socket);
    // An interface that does not broadcast has nobody to be asked.
    socket.on("error", () => undefined);
    socket.on("message", (data, { address }) => {
      const host = messageIn(data) && discoveredIn(messageIn(data) as ServerMessage);
      if (host === undefined || known.has(host.id) || known.size >= MAX_FOUND) return;
      known.add(host.id);
      clearTimeout(timer);
      timer = setTimeout(quiet.resolve, QUIET);
      found({ ...host, address });
    });
    socket.bind({ address: from, port: 0 }, () => {
      socket.setBroadcast(true);
      socket.send(question, port, to);
    });
  }
  const stop = (): void => quiet.resolve();
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  await quiet.promise;
  signal.removeEventListener("abort", stop);
  clearTimeout(timer);
  for (const socket of sockets) socket.close();
}

/**
 * Answers who asks on this network, as long as it is not disposed. Only private addresses are answered: a question that
 * seems to come from elsewhere would make this machine shoot at somebody. Rejects with LinkError.
 */
export async function beDiscovered(me: () => Discovered, port: number = DISCOVERY_PORT): Promise<AsyncDisposable> {
  const socket = createSocket({ type: "udp4", reuseAddr: true });
  let second = 0;
  let answers = 0;
  socket.on("message", (data, from) => {
    const now = Math.floor(performance.now() / 1000);
    if (now !== second) answers = 0;
    second = now;
    if (!isPrivate(from.address) || answers >= ANSWERS_PER_SECOND) return;
    const message = messageIn(data);
    const answer = message && discoveryAnswer(message, me());
    if (answer === undefined) return;
    answers += 1;
    socket.send(encodeServerMessage(answer), from.port, from.address);
  });
  await new Promise<void>((resolve, reject) => {
    socket.once("error", (error) => reject(linkError(error)));
    socket.bind(port, () => resolve());
  });
  socket.removeAllListeners("error").on("error", () => undefined);
  return { [Symbol.asyncDispose]: () => new Promise((resolve) => socket.close(() => resolve())) };
}

/** Every own IPv4 address with what reaches everybody behind it. */
function broadcasts(): readonly (readonly [from: string, to: string])[] {
  const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return own
    .filter(({ family, internal }) => family === "IPv4" && !internal)
    .slice(0, 16)
    .map(({ address }) => [address, "255.255.255.255"]);
}

function isPrivate(address: string): boolean {
  return /^(10|127|192\.168|169\.254|172\.(1[6-9]|2\d|3[01])|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\./.test(address);
}

function messageIn(data: Uint8Array): ServerMessage | undefined {
  if (data.length > MAX_DATAGRAM) return undefined;
  try {
    return decodeServerMessage(data);
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}
