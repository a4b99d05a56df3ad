/** The relays an ID server proposes. A port: which of them can be reached is the server's to find out. */
export interface RelayList {
  /** The relay of the next call, `host:port`; empty leaves it to the host: the ID server's name, port + 1. */
  next(): string;
  /** Whether this is one of them. */
  has(relayServer: string): boolean;
}

/** Hosts whose last word on their relay is remembered. */
const MAX_NAMED = 50_000;

/**
 * Which relay peers may be sent to. Without this anybody could make a host connect anywhere, and the host the
 * viewer (docs/protocol/rendezvous.md, chapter 9, row 5): only the server's own relays are passed on, or, of a
 * server without a list, the one that the host itself named.
 */
export class RelayChoice {
  readonly #list: RelayList;
  readonly #allowForeign: boolean;
  readonly #named = new Map<string, string>();

  /** `allowForeign`: hosts may name relays that are not on the list. */
  constructor(list: RelayList, allowForeign: boolean) {
    this.#list = list;
    this.#allowForeign = allowForeign;
  }

  proposal(): string {
    return this.#list.next();
  }

  /** What the viewer is told after the host named a relay; undefined when it has to be neither. */
  namedByHost(hostId: string, relayServer: string): string | undefined {
    const proposal = this.#list.next();
    if (relayServer === "") return proposal;
    if (proposal !== "" && !this.#allowForeign && !this.#list.has(relayServer)) return undefined;
    this.#named.delete(hostId);
    this.#named.set(hostId, relayServer);
    if (this.#named.size > MAX_NAMED) this.#named.delete(this.#named.keys().next().value as string);
    return relayServer;
  }

  /** What the host is told after the viewer named a relay; undefined when there is none it may be sent to. */
  namedByViewer(hostId: string, relayServer: string): string | undefined {
    const own = this.#named.get(hostId);
    if (relayServer !== "" && (this.#list.has(relayServer) || relayServer === own)) return relayServer;
    const proposal = this.#list.next();
    return proposal === "" ? own : proposal;
  }
}
