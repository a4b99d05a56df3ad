import type { Permission, Scope } from "@pulpit/protocol";
import type { SettingName } from "./setting-names.ts";

/** Why nobody can call this host at the moment; words and advice for each live in the user interface. */
export type Trouble =
  | "no-server" // the ID server does not answer
  | "wrong-key" // it can't prove that it has the key this host was told
  | "id-taken" // the ID is somebody else's there
  | "not-approved" // its administrator has not let this computer in yet
  | "refused" // it says no for another reason: `detail`
  | "not-configured" // no ID server was ever named
  | "no-desktop"; // there is no screen to share

/** Whether this computer can be reached. */
export interface ServiceView {
  /** `stopped`: the owner has stopped sharing. `address-only`: no ID server is named; see `direct`. */
  readonly state: "stopped" | "connecting" | "ready" | "address-only" | "trouble";
  readonly trouble?: Trouble;
  /** What the server said, as it said it; to be quoted. */
  readonly detail?: string;
  /** `host:port` of the ID server; empty when there is none. */
  readonly server: string;
  /**
   * The port of its own for viewers that know the address, with what they type (such as `192.168.1.20`), or why it
   * can't be had; undefined without one.
   */
  readonly direct?: { readonly port: number; readonly addresses: readonly string[] } | { readonly failed: string };
}

/** Somebody as they describe themselves: nobody has checked it. Lengths are bounded, control characters gone. */
export interface ViewerView {
  readonly id: string;
  readonly name: string;
  readonly platform: string;
  /** IP address as the ID server saw it; empty when unknown. */
  readonly address: string;
}

/** A question that waits for the person at this computer. */
export interface RequestView {
  readonly request: string;
  readonly viewer: ViewerView;
  readonly scope: Scope;
  /** The password (and code) was right, and the owner wants to be asked as well. */
  readonly passwordGiven: boolean;
  readonly encrypted: boolean;
  /** Milliseconds until it is denied by itself, at the time of this view. */
  readonly remaining: number;
}

export type LoginWay = "one-time" | "permanent" | "recent" | "click";

/** A viewer that is in. */
export interface SessionView {
  readonly session: string;
  readonly viewer: ViewerView;
  readonly scope: Scope;
  /** ISO 8601, UTC. */
  readonly since: string;
  readonly way: LoginWay;
  readonly secondFactor: "none" | "code" | "recovery" | "trusted" | "recent";
  /** How its bytes travel. */
  readonly route: "direct" | "relay";
  readonly transport: string;
  /** Address of the relay, or of the viewer on a direct path. */
  readonly remote: string;
  readonly encrypted: boolean;
  readonly granted: readonly Permission[];
  /** Permissions it has made use of so far. */
  readonly used: readonly Permission[];
}

export interface TrustedDeviceView {
  readonly device: string;
  readonly viewer: Omit<ViewerView, "address">;
  /** ISO 8601, UTC. */
  readonly since: string;
  readonly until: string;
}

/** Everything the person at the computer sees. Replaced whole on each change; holds the one-time password. */
export interface HostView {
  readonly version: string;
  readonly id: string;
  /** Of this host's key, 16 groups of 4 hex digits. */
  readonly fingerprint: string;
  readonly service: ServiceView;
  /** What is shared, such as `:0`; `virtual` when it is a desktop in memory. */
  readonly desktop: { readonly name: string; readonly virtual: boolean };
  /** Undefined while it is switched off. */
  readonly oneTimePassword?: string;
  /** Whether one is set; the text itself is nowhere. */
  readonly permanentPassword: boolean;
  readonly secondFactor: { readonly on: boolean; readonly recoveryCodes: number };
  readonly trustedDevices: readonly TrustedDeviceView[];
  readonly requests: readonly RequestView[];
  readonly sessions: readonly SessionView[];
  /** Permissions this computer can grant at all; the others have nothing behind them here. */
  readonly abilities: readonly Permission[];
  /** As `pulpit host set` takes them. */
  readonly settings: Readonly<Record<SettingName, string>>;
}
