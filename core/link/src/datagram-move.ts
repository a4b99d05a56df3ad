import {
  CandidateFilter,
  checkedEnd,
  type DatagramEnd,
  encodeCandidate,
  type KcpRole,
  type Random,
} from "@pulpit/protocol";
import { type DatagramPath, decodeDatagramPath, encodeDatagramPath, WireError } from "@pulpit/wire";
import { LinkError } from "./errors.ts";
import { framed } from "./framed.ts";
import { kcpStream } from "./kcp-stream.ts";
import type { Clock, Link } from "./link.ts";
import { type Meaning, MovingLink } from "./moving-link.ts";
import { over } from "./over.ts";
import type { BoundLink, DatagramConnection, OpenDatagrams } from "./webrtc-connection.ts";

/** Pictures wait this long for a better way, ms; it takes four round trips, and people log in meanwhile. */
const HELD_FOR = 1_500;
const OWN_MACHINE = /^(?:127\.|\[::1\])/;

/**
 * A link over a data channel that moves to KCP over datagrams as soon as there is a connection for them, and stays what
 * it is where there never is. The data channel's congestion control is the platform's and starves where packets are
 * lost. The viewer is the caller and begins. Source: docs/protocol/extensions.md, "9: datagrams".
 */
export function movingToDatagrams(
  first: BoundLink,
  open: OpenDatagrams,
  options: { readonly role: KcpRole; readonly clock: Clock; readonly random: Random },
): Link {
  const move = new DatagramMove(first, open, options);
  if (options.role === "caller") move.begin();
  return move.link;
}

class DatagramMove {
  readonly link: Link;
  readonly #moving: MovingLink;
  readonly #first: BoundLink;
  readonly #open: OpenDatagrams;
  readonly #options: Parameters<typeof movingToDatagrams>[2];
  readonly #candidates: CandidateFilter;
  readonly #over = new AbortController();
  #begun = false;
  /** The connection, once both ends know each other. */
  readonly #introduced = Promise.withResolvers<DatagramConnection>();
  #connection: DatagramConnection | undefined;
  #hasEnd = false;

  constructor(first: BoundLink, open: OpenDatagrams, options: Parameters<typeof movingToDatagrams>[2]) {
    this.#first = first;
    this.#open = open;
    this.#introduced.promise.catch(() => undefined);
    this.#options = options;
    this.#candidates = new CandidateFilter(OWN_MACHINE.test(first.path.remote));
    this.#moving = new MovingLink(first, (message) => this.#understand(message));
    this.link = over(this.#moving, {
      close: (reason) => {
        this.#over.abort();
        return this.#moving.close(reason);
      },
    });
  }

  /** `viewer`: that one's end, for a host. */
  begin(viewer?: DatagramEnd): void {
    this.#begun = true;
    this.#moving.hold();
    const { clock } = this.#options;
    const cancel = clock.alarm(clock.now() + HELD_FOR, () => this.#moving.release());
    this.#make(viewer)
      .finally(cancel)
      .catch((cause: unknown) => {
        const why = new LinkError("reset", "there is no connection for datagrams", { cause });
        this.#introduced.reject(why);
        this.#moving.stay(why);
      });
  }

  async #make(viewer?: DatagramEnd): Promise<void> {
    const { signal } = this.#over;
    // An end is told before the ways that lead to it.
    const told = Promise.withResolvers<void>();
    const connection = await this.#open({
      ...(viewer === undefined ? {} : { viewer }),
      gathered: (candidate) => void told.promise.then(() => this.#tell({ candidate: encodeCandidate(candidate) })),
      signal,
    });
    this.#connection = connection;
    this.#tell({ end: connection.end });
    told.resolve();
    if (viewer !== undefined) this.#introduced.resolve(connection);
    const { socket, path } = await connection.opened;
    // Never to a worse way.
    if (path.route === "relay" && this.#first.path.route !== "relay") {
      await socket.close();
      throw new LinkError("unreachable", "datagrams would be relayed");
    }
    const stream = await kcpStream(socket, { ...this.#options, ackVectors: true, signal });
    this.#moving.move(framed(stream, this.#first.largest), encodeDatagramPath({ moved: true }));
  }

  #tell(news: Parameters<typeof encodeDatagramPath>[0]): void {
    // Who reads the link learns that it is broken.
    this.#first.send(encodeDatagramPath(news)).catch(() => undefined);
  }

  #understand(message: Uint8Array): Meaning {
    const news = decoded(message);
    if (news === undefined) return "message";
    if (news.moved) {
      if (!this.#begun) throw new LinkError("malformed", "there is nowhere to move");
      return "moved";
    }
    if (news.end === undefined) this.#heardCandidate(news.candidate);
    else this.#heardEnd(news.end);
    return "news";
  }

  #heardEnd(message: NonNullable<DatagramPath["end"]>): void {
    const end = checkedEnd(message);
    if (end === undefined) throw new LinkError("malformed", "no end of a connection for datagrams");
    if (this.#hasEnd) return;
    this.#hasEnd = true;
    if (this.#options.role === "called") this.begin(end);
    else this.#introduce(end).catch(this.#introduced.reject);
  }

  /** The host may only answer, so there is a connection. */
  async #introduce(host: DatagramEnd): Promise<void> {
    await this.#connection?.accept(host);
    if (this.#connection !== undefined) this.#introduced.resolve(this.#connection);
  }

  #heardCandidate(text: string): void {
    const candidate = this.#candidates.taken(text);
    if (candidate === undefined) return;
    this.#introduced.promise.then((connection) => connection.add(candidate)).catch(() => undefined);
  }
}

function decoded(message: Uint8Array): DatagramPath | undefined {
  try {
    return decodeDatagramPath(message);
  } catch (cause) {
    if (!(cause instanceof WireError)) throw cause;
    throw new LinkError("malformed", cause.message, { cause });
  }
}
