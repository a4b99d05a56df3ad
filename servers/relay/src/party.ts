import type { Link } from "@pulpit/link";

/** One end of a relayed connection, before and after it found the other. */
export interface Party {
  readonly link: Link;
  /** IP address it comes from. */
  readonly address: string;
  /** Settles the wait: with the partner, or undefined when nobody came. */
  readonly matched: (partner: Party | undefined) => void;
}
