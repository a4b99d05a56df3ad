import {
  KCP_CONVERSATIONS,
  type KcpEffect,
  type KcpInput,
  type KcpRole,
  KcpSession,
  type Random,
} from "@pulpit/protocol";
import { LinkError } from "./errors.ts";
import { kcpFailure } from "./kcp-failure.ts";
import type { PeerSocket } from "./kcp-peer-socket.ts";
import type { ByteStream, Clock } from "./link.ts";

/** A write waits while more than this is queued: what the path carries in so many ms, and at least so many bytes. */
const ROOM_TIME = 50;
const LEAST_ROOM: number = 64 * 1024;

/** A pipe that knows what its path carries; a sender should not have more than 200 ms of that queued. */
export interface KcpStream extends ByteStream {
  /** Bytes per second, 0 while unknown. A floor while there is little to send. */
  readonly bytesPerSecond: number;
}

/**
 * A pipe of bytes over datagrams to one peer (docs/protocol/wire.md, section 5). Resolves when both ends have agreed on
 * a session and owns the socket from the beginning. `random`: a caller draws its session names from it.
 * @throws LinkError timed-out when the peer does not answer, aborted through `signal`, closed with the socket.
 */
export async function kcpStream(
  socket: PeerSocket,
  options: {
    readonly role: KcpRole;
    readonly clock: Clock;
    readonly random: Random;
    /** The peer is ours and takes acknowledgements of many segments in one (extensions.md, "9: datagrams"). */
    readonly ackVectors?: boolean;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<KcpStream> {
  const { role, clock, signal } = options;
  const names = role === "caller" ? conversations(options.random) : [];
  const session = new KcpSession(role, names, options.ackVectors);
  const opened = Promise.withResolvers<void>();
  const over = Promise.withResolvers<void>();
  let failure: LinkError | undefined;
  let closed = false;
  let cancelAlarm: (() => void) | undefined;
  let alarmAt = Number.POSITIVE_INFINITY;
  let waiting: (() => void)[] = [];
  const changed = (): Promise<void> => new Promise((resolve) => waiting.push(resolve));

  function end(error: LinkError): void {
    if (failure !== undefined) return;
    failure = error;
    cancelAlarm?.();
    opened.reject(error);
    over.resolve();
    wake();
  }

  function wake(): void {
    const woken = waiting;
    waiting = [];
    for (const resolve of woken) resolve();
  }

  function perform(effect: KcpEffect): void {
    if (effect.type === "send") socket.send(effect.datagram);
    else if (effect.type === "opened") opened.resolve();
    else end(kcpFailure(effect.outcome));
  }

  function tell(input: KcpInput): void {
    if (failure !== undefined) return;
    for (const effect of session.handle(input, clock.now())) perform(effect);
    arm();
    wake();
  }

  /** An alarm that rings too early costs less than setting it anew for every datagram. */
  function arm(): void {
    const deadline = session.deadline ?? Number.POSITIVE_INFINITY;
    if (failure !== undefined || deadline >= alarmAt) return;
    cancelAlarm?.();
    alarmAt = deadline;
    cancelAlarm = clock.alarm(deadline, () => {
      alarmAt = Number.POSITIVE_INFINITY;
      if ((session.deadline ?? Number.POSITIVE_INFINITY) <= clock.now()) tell({ type: "timeout" });
      else arm();
    });
  }

  async function listen(): Promise<void> {
    for (let datagram = await socket.receive(); datagram !== undefined; datagram = await socket.receive()) {
      tell({ type: "received", datagram });
    }
    end(new LinkError("closed", "the socket is closed"));
  }

  async function close(reason?: Error): Promise<void> {
    const first = !closed;
    closed = true;
    if (first || reason !== undefined) tell({ type: reason === undefined ? "closed" : "aborted" });
    await over.promise;
    await socket.close();
  }

  listen().catch((cause: unknown) => end(new LinkError("reset", "the socket broke", { cause })));
  const abort = (): void => end(new LinkError("aborted", "aborted", { cause: signal?.reason }));
  signal?.addEventListener("abort", abort, { once: true });
  try {
    if (signal?.aborted) abort();
    tell({ type: "start" });
    await opened.promise;
  } catch (error) {
    await socket.close();
    throw error;
  } finally {
    signal?.removeEventListener("abort", abort);
  }

  return {
    path: { transport: "kcp", route: "direct", remote: socket.remote },
    async read() {
      for (;;) {
        if (closed) return undefined;
        const bytes = session.take();
        if (bytes !== undefined) {
          tell({ type: "taken" });
          return bytes;
        }
        if (session.peerClosed) return undefined;
        if (failure !== undefined) throw failure;
        await changed();
      }
    },
    get queuedBytes() {
      return session.queuedBytes;
    },
    get bytesPerSecond() {
      return session.bytesPerSecond;
    },
    async write(...parts) {
      if (closed) throw new LinkError("closed", "the connection is closed");
      if (failure !== undefined) throw failure;
      tell({ type: "written", parts });
      while (session.queuedBytes > Math.max(LEAST_ROOM, (session.bytesPerSecond / 1000) * ROOM_TIME)) {
        if (failure !== undefined) throw failure;
        await changed();
      }
    },
    close,
  };
}

function conversations(random: Random): readonly number[] {
  const bytes = random.bytes(4 * KCP_CONVERSATIONS);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: KCP_CONVERSATIONS }, (_, index) => view.getUint32(4 * index));
}
