import { type Setting, type Settings, settingName, variableName } from "../settings/setting.ts";
import { DEVICE_SETTINGS } from "./device-settings.ts";
import { NETWORK_SETTINGS } from "./network-settings.ts";
import { OPERATING_SETTINGS } from "./operating-settings.ts";
import { RELAY_SETTINGS } from "./relay-settings.ts";
import type { ServerConfig } from "./server-config.ts";

/** The one table of everything that can be set. */
const SETTINGS: Settings<ServerConfig> = {
  ...NETWORK_SETTINGS,
  ...DEVICE_SETTINGS,
  ...RELAY_SETTINGS,
  ...OPERATING_SETTINGS,
};

export const MEMBERS: readonly (keyof ServerConfig)[] = Object.keys(SETTINGS) as (keyof ServerConfig)[];

/** The same in groups, as they are documented. */
export const GROUPS: readonly { readonly title: string; readonly members: readonly (keyof ServerConfig)[] }[] = [
  { title: "Network", members: Object.keys(NETWORK_SETTINGS) as (keyof ServerConfig)[] },
  { title: "Devices and viewers", members: Object.keys(DEVICE_SETTINGS) as (keyof ServerConfig)[] },
  { title: "Relay", members: Object.keys(RELAY_SETTINGS) as (keyof ServerConfig)[] },
  { title: "Operation", members: Object.keys(OPERATING_SETTINGS) as (keyof ServerConfig)[] },
];

/** What stock servers know and this one has another way for, and which; it is named in a warning. */
export const WITHOUT_MEANING: Readonly<Record<string, string>> = {
  mask: "clients behind one address find each other without",
  "local-ip": "clients behind one address find each other without",
  "test-hbbs": "the server watches itself; see /ready",
  "db-url": "devices are in the data folder; 'pulpit server import' takes a stock database over",
  "max-database-connections": "there is one",
};

/** `-` and `_` are equal, and so are capitals, as in stock servers. */
export function sameName(name: string): string {
  return name.toLowerCase().replaceAll("_", "-");
}

/** Members by the names that may stand in a file. */
export const BY_FILE_NAME: ReadonlyMap<string, keyof ServerConfig> = new Map(
  MEMBERS.flatMap((member) =>
    [settingName(member), ...(settingOf(member).stock ?? [])].map((name): [string, keyof ServerConfig] => [
      sameName(name),
      member,
    ]),
  ),
);

/** Members by the names of variables. */
export const BY_VARIABLE: ReadonlyMap<string, keyof ServerConfig> = new Map(
  MEMBERS.flatMap((member) =>
    // Ours last: where both are set, it counts.
    [...(settingOf(member).stock ?? []), variableName(member)].map((name): [string, keyof ServerConfig] => [
      name,
      member,
    ]),
  ),
);

/** One of them, whatever its type. */
export function settingOf(member: keyof ServerConfig): Setting<unknown> {
  return SETTINGS[member] as Setting<unknown>;
}
