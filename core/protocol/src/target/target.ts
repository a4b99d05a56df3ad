import type { ServerAddress } from "../rendezvous/server-address.ts";

/** TCP port on which a host takes viewers directly (docs/protocol/wire.md, section 8). */
export const DIRECT_PORT = 21_118;

/** Where a viewer wants to go. Source: docs/protocol/wire.md, section 9.6. */
export type Target =
  | {
      readonly type: "id";
      /** Without the spaces people write. */
      readonly id: string;
      /** Another ID server than the one that is configured. */
      readonly server?: ServerAddress;
      /** Key of that server: base64 of 32 bytes, 44 characters. Only together with `server`. */
      readonly serverKey?: string;
      /** Through the relay on purpose. */
      readonly relay: boolean;
    }
  /** A host without an ID server between: no proof of identity, no encryption. IPv6 without brackets. */
  | { readonly type: "address"; readonly host: string; readonly port: number };

export type TargetProblem =
  | "empty"
  | "too-long"
  | "control-character"
  /** Letters that look like others: an ID or a name here is plain ASCII. */
  | "not-ascii"
  | "bad-id"
  | "bad-address"
  | "bad-port"
  | "bad-server"
  | "bad-key"
  /** A key says whose word counts, so it has to say for which server. */
  | "key-without-server"
  /** `/r` behind an address, which has no server that could name a relay. */
  | "relay-without-server"
  /** `ID@public` means the vendor's server, which is not ours to use. */
  | "public-server"
  /** `name:secret@…`, which is for web pages and hides where a link really goes. */
  | "userinfo"
  /** A link of another kind: a web page, a configuration, a password to set. */
  | "unknown-link"
  | "bad-encoding"
  | "nested-encoding";

export type ParsedTarget =
  | {
      readonly type: "parsed";
      readonly target: Target;
      /** Somebody else wrote it: it may fill in the field, the person has to start the connection. */
      readonly fromLink: boolean;
      /** A password was in it. It is dropped: whoever writes a link must not choose what is sent to whom. */
      readonly hadPassword: boolean;
    }
  | { readonly type: "invalid"; readonly problem: TargetProblem };
