import type { Clock, DatagramSocket, Dial } from "@pulpit/link";
import type { Compression, Crypto, KeyPair, Permission, Random, ServerAddress } from "@pulpit/protocol";
import type { PasswordLength } from "./one-time-password.ts";

/** What a host needs from the world. */
export interface HostWorld {
  readonly crypto: Crypto;
  readonly random: Random;
  readonly compression: Compression;
  readonly clock: Clock;
  readonly dial: Dial;
  /** Opens the socket the host registers from; nothing but that server's datagrams may arrive on it. */
  readonly openDatagrams: (server: ServerAddress) => Promise<DatagramSocket>;
}

/** Who this host is and what it grants. */
export interface HostOptions {
  readonly id: string;
  /** This installation's Ed25519 pair. */
  readonly identity: KeyPair;
  /** Device identifier at the ID server, opaque bytes (docs/protocol/wire.md, section 9.4). */
  readonly uuid: Uint8Array;
  /** Salt of passwords, kept with the settings (docs/protocol/session.md, section 3.3). */
  readonly salt: string;
  readonly passwordLength: PasswordLength;
  readonly granted: ReadonlySet<Permission>;
  /** Let viewers in whose channel is not encrypted. Off unless the owner of the machine says so. */
  readonly allowPlaintext: boolean;
  readonly idServer: ServerAddress;
  /** Relay to use instead of the ID server's choice, `host:port`. */
  readonly relayServer?: string;
  /** Public key of the ID server, base64; relays with a key want to see it. */
  readonly serverKey: string;
}

/** What the host reports; for the person at the machine and for the log. Never holds a secret. */
export type HostEvent =
  | { readonly type: "registered"; readonly id: string }
  | { readonly type: "unregistered"; readonly why: string }
  | { readonly type: "idTaken"; readonly id: string }
  | { readonly type: "viewerJoined"; readonly viewer: ViewerFacts }
  | { readonly type: "viewerLeft"; readonly viewer: ViewerFacts; readonly why: string }
  | { readonly type: "viewerRefused"; readonly address: string; readonly why: string };

/** A viewer as it describes itself; unverified. */
export interface ViewerFacts {
  readonly id: string;
  readonly name: string;
  readonly platform: string;
  readonly address: string;
}
