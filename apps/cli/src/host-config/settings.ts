import { SETTING_NAMES, type SettingName } from "@pulpit/host-control";
import type { Setting, Settings } from "../settings/setting.ts";
import { DIRECT_SETTINGS } from "./direct-settings.ts";
import type { HostConfig } from "./host-config.ts";
import { MACHINE_SETTINGS } from "./machine-settings.ts";
import { PERMISSION_SETTINGS } from "./permission-settings.ts";
import { WAYS_IN_SETTINGS } from "./ways-in-settings.ts";

/** The one table of everything that can be set about a host. */
const SETTINGS: Settings<HostConfig> = {
  ...MACHINE_SETTINGS,
  ...DIRECT_SETTINGS,
  ...WAYS_IN_SETTINGS,
  ...PERMISSION_SETTINGS,
};

/** The same in groups, as they are documented. */
export const HOST_GROUPS: readonly { readonly title: string; readonly members: readonly SettingName[] }[] = [
  { title: "This computer", members: Object.keys(MACHINE_SETTINGS) as SettingName[] },
  { title: "At its own address", members: Object.keys(DIRECT_SETTINGS) as SettingName[] },
  { title: "Ways in", members: Object.keys(WAYS_IN_SETTINGS) as SettingName[] },
  { title: "Permissions", members: Object.keys(PERMISSION_SETTINGS) as SettingName[] },
];

export function hostSetting(name: SettingName): Setting<unknown> {
  return SETTINGS[name] as Setting<unknown>;
}

/** A setting by its name as people write it; undefined when there is none. */
export function settingNamed(text: string): SettingName | undefined {
  const wanted = text.toLowerCase().replaceAll("_", "-");
  return SETTING_NAMES.find((name) => name === wanted);
}
