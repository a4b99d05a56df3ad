/** Viewers at the door at a time, from the server's call to the login: each costs two sockets. */
const MAX_WAITING = 64;

/** Somebody who was called for and is not in yet. */
export interface Caller {
  /** The address, or the block of addresses, that counts as one. */
  readonly source: string;
  /** Somebody has logged in from there before. */
  readonly known: boolean;
  /** Sends it away, to make room for another one. */
  readonly giveWay: () => void;
}

/**
 * Room for those who have not logged in yet. When it is full, the source with the most of them makes room: strangers
 * can push out each other, but nobody who has been in before.
 */
export class Door {
  /** In order of arrival. */
  readonly #waiting = new Set<Caller>();

  /** False when there is no room. */
  enter(caller: Caller): boolean {
    if (this.#waiting.size >= MAX_WAITING && !this.#makeRoom(caller)) return false;
    this.#waiting.add(caller);
    return true;
  }

  /** It is in, or has gone. */
  left(caller: Caller): void {
    this.#waiting.delete(caller);
  }

  #makeRoom(newcomer: Caller): boolean {
    const waiting = [...this.#waiting];
    const strangers = waiting.filter(({ known }) => !known);
    const weaker = strangers.length > 0 || !newcomer.known ? strangers : waiting;
    const counts = new Map<string, number>();
    for (const { source } of weaker) counts.set(source, (counts.get(source) ?? 0) + 1);
    const most = Math.max(...counts.values());
    const victim = weaker.find(({ source }) => counts.get(source) === most);
    if (victim === undefined) return false;
    this.#waiting.delete(victim);
    victim.giveWay();
    return true;
  }
}
