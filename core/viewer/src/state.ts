import type { Path } from "@pulpit/link";
import type { Codec } from "@pulpit/protocol";

/** Why a session could not start or came to its end; words for each live in the user interface. */
export type EndCode =
  | "unknown-id" // the ID server has never heard of it
  | "offline" // known, but not connected now
  | "wrong-key" // the ID server wants another server key than this viewer has
  | "server-refused" // the ID server said no, `detail` holds its text
  | "server-unreachable" // no connection to ID server or relay
  | "relay-failed" // the host did not come to the relay, or the relay turned us away
  | "no-identity" // the ID server vouches for no key: the session would be unencrypted
  | "bad-identity" // what the host signed is not by the key the ID server vouches for
  | "key-unknown" // nobody vouches for the host at this address, and its key is new: `offered` holds its fingerprint
  | "unreachable" // nobody answers at this address, or hangs up at once
  | "unencrypted" // the host at this address knows no encryption there
  | "encryption-gone" // … and once it did
  | "key-changed" // not the key this viewer pinned: `pinned` and `offered` hold both fingerprints
  | "refused" // the host said no, `detail` holds its text
  | "address-blocked" // the host lets nobody in from this network address
  | "id-blocked" // … or nobody who calls themselves what this viewer does
  | "kind-refused" // the host does not offer this kind of session
  | "not-allowed" // the host does not let this viewer in, without a reason
  | "window-closed" // a stock host lets people in only while its window is open
  | "other-id" // the host is not who was called
  | "privacy-mode" // another viewer hides the screen
  | "no-x11" // a stock host can't show this kind of desktop
  | "declined" // the person at the host said no
  | "too-many-attempts" // the host wanted us to wait and then hung up
  | "lost" // the connection broke
  | "timed-out" // the host has fallen silent
  | "tampered" // a message did not decrypt
  | "violated" // the host broke the protocol
  | "no-displays"
  | "closed-by-host" // `detail` holds the host's farewell, unless it is the usual one
  | "closed-by-administrator"
  | "idle" // nothing was done for longer than the host allows
  | "closed"; // the person here ended it

export interface End {
  readonly code: EndCode;
  /** Text of the other side, to be shown as a quotation; never translated, never markup. */
  readonly detail?: string;
  /** Fingerprints, for `key-changed` and `key-unknown`. */
  readonly pinned?: string;
  readonly offered?: string;
}

/** Why something is asked for: the first time, after a wrong one, or the host takes no other for the moment. */
export type Why = "required" | "wrong" | "wait-a-minute" | "wait-long";

/** A way to a host, as the person is told about it. */
export type WayName = "address" | "lan" | "tcp" | "udp" | "ipv6" | "webrtc" | "relay";

/** What became of a way. */
export type WayOutcome =
  | "won" // the session runs on it
  | "failed" // `failure` says how
  | "not-needed" // a direct way was there first
  | "too-slow" // the relay was taken before it was up
  | "not-offered" // one of the two sides can't, or has it switched off
  | "not-wanted"; // nothing but the relay, on purpose

export type WayFailure = "unreachable" | "refused" | "timed-out" | "broke-off" | "bad-identity" | "violated";

export interface WayReport {
  readonly name: WayName;
  readonly outcome: WayOutcome;
  readonly failure?: WayFailure;
}

/** What a session is doing. */
export type Phase =
  | {
      readonly name: "connecting";
      readonly step: "finding" | "relay" | "securing" | "login" | "code";
      /** The ways that are tried at once; empty before the host was found, and once one of them is taken. */
      readonly trying: readonly WayName[];
    }
  /** Waits for `login`. */
  | { readonly name: "password"; readonly why: Why }
  /** Waits for `enterCode`. `mayTrust`: the host offers to remember this device. */
  | { readonly name: "second-factor"; readonly why: Why; readonly mayTrust: boolean }
  /** The person at the host has to accept; a password may still be given with `login`. */
  | { readonly name: "waiting-for-acceptance" }
  | { readonly name: "connected" }
  | { readonly name: "ended"; readonly end: End };

export interface RemoteDisplay {
  /** Host desktop coordinates of the top left corner. */
  readonly x: number;
  readonly y: number;
  /** Size of the picture, pixels. */
  readonly width: number;
  readonly height: number;
  readonly name: string;
}

export interface RemotePeer {
  readonly hostname: string;
  readonly username: string;
  readonly platform: string;
  readonly version: string;
  readonly displays: readonly RemoteDisplay[];
  /** Codecs that host and viewer have in common. */
  readonly codecs: readonly Codec[];
}

/** The truth about the connection, for the badge. */
export interface ConnectionFacts {
  readonly path: Path;
  /** Each way that was tried or could have been, at most once. */
  readonly ways: readonly WayReport[];
  readonly encrypted: boolean;
  /** Of the host's key, 16 groups of 4 hex digits; only after the host has proved it holds the key. */
  readonly fingerprint?: string;
  readonly codec?: Codec;
  /** Pictures shown in the last second. */
  readonly framesPerSecond: number;
  /** Round trip as the host measured it, milliseconds. */
  readonly delay?: number;
  /** Received in the last second, bytes. */
  readonly bytesPerSecond: number;
}

export type Permission =
  | "keyboard"
  | "clipboard"
  | "audio"
  | "file"
  | "restart"
  | "recording"
  | "block-input"
  | "privacy-mode";

/** The read-only picture of a session that a user interface shows. Replaced whole on each change. */
export interface ViewerState {
  readonly phase: Phase;
  readonly hostId: string;
  readonly connection?: ConnectionFacts;
  readonly peer?: RemotePeer;
  /** Number of the display shown. */
  readonly display: number;
  readonly permissions: ReadonlySet<Permission>;
  readonly viewOnly: boolean;
  /** The codec the person chose, or auto. */
  readonly preferredCodec: Codec | "auto";
}
