import type { SettingName } from "@pulpit/host-control";
import type { ProxySetting } from "@pulpit/link-node";
import type { Approval, Permission } from "@pulpit/protocol";

/** What an owner has decided about a host, by the names of the settings. */
export interface HostConfig extends Record<`allow-${Permission}`, boolean> {
  readonly server: string | undefined;
  readonly "server-key": string | undefined;
  readonly relay: string | undefined;
  readonly direct: boolean;
  readonly proxy: ProxySetting | undefined;
  readonly "direct-access": boolean;
  readonly "direct-port": number;
  readonly "direct-networks": readonly string[];
  readonly "direct-unencrypted": boolean;
  readonly discoverable: boolean;
  readonly sharing: boolean;
  readonly approval: Approval;
  readonly "one-time-password": boolean;
  readonly "one-time-length": "6" | "8" | "10";
  readonly "one-time-digits": boolean;
  readonly "one-time-renewal": "after-use" | "daily" | "manual";
  readonly "permanent-password": boolean;
  readonly "accept-seconds": number;
  readonly "accept-needs-code": boolean;
  readonly "trust-days": number;
  readonly "allowed-addresses": readonly string[];
  readonly "blocked-addresses": readonly string[];
  readonly "allowed-ids": readonly string[];
  readonly "blocked-ids": readonly string[];
  readonly "idle-minutes": number;
  readonly notifications: boolean;
  readonly language: "en" | "pl" | undefined;
}

/** Fails to compile when the two lists of names are not the same. */
export type SameNames = [SettingName] extends [keyof HostConfig]
  ? [keyof HostConfig] extends [SettingName]
    ? true
    : never
  : never;
