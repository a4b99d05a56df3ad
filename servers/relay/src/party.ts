import type { Socket } from "node:net";
import type { Link } from "@pulpit/link";
import type { RequestRelay } from "@pulpit/wire";

/** What is there of a party once it has a partner: everything it sent and nobody took, and the rest to come. */
export type Ready =
  /** Nobody listens to the socket any more, and it is paused. `unread`: what it sent after its first message. */
  | { readonly type: "tcp"; readonly socket: Socket; readonly unread: Uint8Array }
  | { readonly type: "websocket"; readonly link: Link };

/** One end of a relayed connection, from the first byte to the moment it has a partner. */
export interface Party {
  /** IP address it comes from. */
  readonly address: string;
  readonly transport: "tcp" | "websocket";
  /** Undefined when it left, or began with something else. Rejects with WireError or LinkError. */
  firstMessage(): Promise<RequestRelay | undefined>;
  /** Calls back, once, when it leaves while it waits. */
  onGone(gone: () => void): void;
  /** It has a partner; from here on it is theirs. */
  ready(): Ready;
  close(): void;
}
