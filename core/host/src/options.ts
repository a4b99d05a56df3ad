import type { Clock, DatagramSocket, Dial, Path } from "@pulpit/link";
import type {
  Compression,
  Crypto,
  IdServerAddress,
  KeyPair,
  LoginBy,
  Permission,
  Random,
  Scope,
  SecondFactorBy,
  ServerAddress,
} from "@pulpit/protocol";
import type { DirectAccessOptions } from "./direct-access.ts";
import type { ListenDirect } from "./ports/direct-port.ts";
import type { TrustedDevice } from "./ports/host-secrets.ts";
import type { HostWays } from "./ports/ways.ts";

/** What a host needs from the world. */
export interface HostWorld {
  readonly crypto: Crypto;
  readonly random: Random;
  readonly compression: Compression;
  readonly clock: Clock;
  readonly dial: Dial;
  /** Other ways for viewers to come in than the relay; without them there is only that. */
  readonly ways?: HostWays;
  /** Opens the socket the host registers from; nothing but that server's datagrams may arrive on it. */
  readonly openDatagrams: (server: ServerAddress) => Promise<DatagramSocket>;
  /** For `HostOptions.direct`. */
  readonly listenDirect?: ListenDirect;
}

/** Who this host is and where it registers. */
export interface HostOptions {
  readonly id: string;
  /** This installation's Ed25519 pair. */
  readonly identity: KeyPair;
  /** Device identifier at the ID server, opaque bytes (docs/protocol/wire.md, section 9.4). */
  readonly uuid: Uint8Array;
  /** Let viewers in whose channel is not encrypted. Off unless the owner of the machine says so. */
  readonly allowPlaintext: boolean;
  readonly idServer: IdServerAddress;
  /**
   * Relay to use instead of the ID server's choice, `host:port`. At a web address it is what viewers are told: the host
   * itself goes to the relay behind that.
   */
  readonly relayServer?: string;
  /** Public key of the ID server, base64; relays with a key want to see it. */
  readonly serverKey: string;
  /** A port of its own for viewers that know the address; undefined: none. */
  readonly direct?: DirectAccessOptions;
}

/** A viewer as it describes itself; unverified. Texts are bounded and have no control characters. */
export interface ViewerFacts {
  readonly id: string;
  readonly name: string;
  readonly platform: string;
  /** IP address as the ID server saw it; empty when unknown. */
  readonly address: string;
}

/** What the host reports; for the person at the machine and for the log. Never holds a secret. */
export type HostEvent =
  | { readonly type: "registered"; readonly id: string }
  | { readonly type: "unregistered"; readonly why: string }
  | { readonly type: "idTaken"; readonly id: string }
  | { readonly type: "directOpened"; readonly port: number }
  | { readonly type: "directFailed"; readonly why: string }
  | {
      readonly type: "viewerAsks";
      readonly viewer: ViewerFacts;
      readonly scope: Scope;
      readonly passwordGiven: boolean;
    }
  | {
      readonly type: "viewerAnswered";
      readonly viewer: ViewerFacts;
      readonly answer: "accept" | "deny" | "silence" | "withdrawn";
    }
  | {
      readonly type: "viewerJoined";
      readonly session: string;
      readonly viewer: ViewerFacts;
      readonly scope: Scope;
      readonly by: LoginBy;
      readonly secondFactor: SecondFactorBy;
      readonly path: Path;
      readonly encrypted: boolean;
    }
  | { readonly type: "permissionUsed"; readonly session: string; readonly permission: Permission }
  | { readonly type: "viewerLeft"; readonly session: string; readonly viewer: ViewerFacts; readonly why: string }
  /** A visit that never got in, or one attempt of it. */
  | { readonly type: "viewerRefused"; readonly address: string; readonly why: string }
  | { readonly type: "deviceTrusted"; readonly device: TrustedDevice };
