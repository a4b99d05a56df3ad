import { isIP, isIPv6, type Server, type Socket, SocketAddress } from "node:net";
import { type ByteStream, LinkError } from "@pulpit/link";
import { linkError } from "./from-errno.ts";
import { plainAddress } from "./plain-address.ts";
import {
  type BindShared,
  type NumericAddress,
  nodeSockets,
  type PortSockets,
  sharedSockets,
} from "./punch-tcp-sockets.ts";
import { socketStream } from "./tcp.ts";

/** The viewer has this long, ms (docs/protocol/rendezvous.md, section 4.10). */
const PUNCH_WITHIN = 18_000;
/** The first packet opens our router within this time, ms, as in stock; then the viewer may be told to come. */
const OPENED_AFTER = 30;
/**
 * Pauses before a connection that was refused is tried again, ms. A refusal also closes the way through our router, and
 * some routers of viewers refuse what they did not ask for: the next packet opens it anew.
 */
const RETRY_AFTER: readonly number[] = [300, 300, 600, 1_200, 2_400];

export interface PunchOptions {
  /** The one from which the ID server was called: only with it our router shows the address the viewer knows. */
  readonly localPort: number;
  /** The viewer, as the ID server saw it. */
  readonly peer: NumericAddress;
  readonly signal: AbortSignal;
  /** Called once, when our router is open and the viewer may come. */
  readonly ready?: () => void;
  /** Lets listener and connection be there together; without it they take turns. */
  readonly bindShared?: BindShared;
  /** Instead of the usual 18 s, ms. */
  readonly within?: number;
}

/**
 * A direct connection with a viewer through the routers of both. With `bindShared` a listener and a pending connection
 * wait on one local port, and whichever comes up first is it: through routers that let nobody in uncalled the two first
 * packets meet, and through others the viewer comes in. Without, it is stock's way, which the former routers do not let
 * through: 30 ms of connecting, then listening. The listener takes the viewer's address alone, from any port, for some
 * routers change it. Everything but the connection that came up is closed when this ends.
 * Rejects with LinkError. Source: docs/protocol/rendezvous.md, section 4.10.
 */
export async function punchTcp(options: PunchOptions): Promise<ByteStream> {
  const { signal } = options;
  if (signal.aborted) throw new LinkError("aborted", "aborted", { cause: signal.reason });
  const punch = new Punch({ ...options, peer: canonical(options.peer) });
  const timer = setTimeout(() => punch.fail(new LinkError("timed-out", "nobody came")), options.within ?? PUNCH_WITHIN);
  const abort = (): void => punch.fail(new LinkError("aborted", "aborted", { cause: signal.reason }));
  signal.addEventListener("abort", abort, { once: true });
  try {
    punch.begin();
    return await punch.outcome;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
    await punch.end();
  }
}

class Punch {
  readonly #options: PunchOptions;
  readonly #sockets: PortSockets;
  readonly #result: PromiseWithResolvers<ByteStream> = Promise.withResolvers();
  #isOver = false;
  #isReady = false;
  #server: Promise<Server | undefined> | undefined;
  #pending: Socket | undefined;
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(options: PunchOptions) {
    this.#options = options;
    this.#sockets = options.bindShared === undefined ? nodeSockets : sharedSockets(options.bindShared);
  }

  get outcome(): Promise<ByteStream> {
    return this.#result.promise;
  }

  begin(): void {
    if (this.#sockets.areShared) {
      this.#connect(0);
      this.#server = this.#listen();
      this.#after(OPENED_AFTER, () => this.#ready());
    } else {
      this.#connect(RETRY_AFTER.length);
      // One turn later: after a pause of the whole program an answer may be there and not yet heard.
      this.#after(OPENED_AFTER, () => setImmediate(() => this.#takeTurns()));
    }
  }

  fail(error: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#result.reject(linkError(error));
  }

  /** Whatever is still open is closed; the port is free again. */
  async end(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#pending?.destroy();
    // Its end is not waited for: a server counts as open as long as the connection that came in through it.
    (await this.#server)?.close();
  }

  #takeTurns(): void {
    if (this.#isOver) return;
    this.#pending?.destroy();
    this.#server = this.#listen();
    void this.#server.then((server) => server !== undefined && this.#ready());
  }

  /** `tried`: how often before. */
  #connect(tried: number): void {
    if (this.#isOver) return;
    let socket: Socket;
    try {
      socket = this.#sockets.connect(this.#options.localPort, this.#options.peer);
    } catch (error) {
      this.fail(error);
      return;
    }
    this.#pending = socket;
    socket.once("connect", () => this.#won(socket));
    socket.on("error", () => {
      const pause = RETRY_AFTER[tried];
      if (!this.#isOver && pause !== undefined) this.#after(pause, () => this.#connect(tried + 1));
    });
  }

  /** Undefined when it can't be; then the attempt has failed. */
  async #listen(): Promise<Server | undefined> {
    const { localPort, peer } = this.#options;
    try {
      return await this.#sockets.listen(localPort, peer, (socket) => {
        if (plainAddress(socket.remoteAddress) === peer.host) this.#won(socket);
        else socket.resetAndDestroy();
      });
    } catch (error) {
      this.fail(error);
      return undefined;
    }
  }

  #won(socket: Socket): void {
    if (this.#isOver) {
      socket.resetAndDestroy();
      return;
    }
    this.#isOver = true;
    if (this.#pending === socket) this.#pending = undefined;
    this.#result.resolve(socketStream(socket, "direct"));
    this.#ready();
  }

  #ready(): void {
    if (this.#isReady) return;
    this.#isReady = true;
    this.#options.ready?.();
  }

  #after(pause: number, what: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      what();
    }, pause);
    this.#timers.add(timer);
  }
}

/** The address as sockets tell theirs, so that texts can be compared. */
function canonical({ host, port }: NumericAddress): NumericAddress {
  if (isIP(host) === 0 || host.includes("%") || port < 1 || port > 65_535) {
    throw new LinkError("not-found", "not an address");
  }
  const family = isIPv6(host) ? "ipv6" : "ipv4";
  return { host: plainAddress(new SocketAddress({ address: host, family }).address), port };
}
