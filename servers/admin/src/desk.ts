/** Who answers at the socket: a server, or a host, each with questions of its own. */
export interface Desk {
  /** The question in a line, checked; undefined for what is none. */
  readonly take: (value: unknown) => TakenQuestion | undefined;
}

export interface TakenQuestion {
  /** For the log; never what is asked with it. */
  readonly name: string;
  /** @throws AdminError with the reason for the one who asked; anything else is a bug and logged */
  readonly answer: () => unknown;
}
