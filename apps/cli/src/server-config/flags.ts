import type { ParseArgsConfig } from "node:util";
import { yesNoOrUnset, yesOrNo } from "../settings/kinds.ts";
import { settingName } from "../settings/setting.ts";
import type { Entry } from "./entry.ts";
import type { ServerConfig } from "./server-config.ts";
import { MEMBERS, settingOf } from "./settings.ts";

type Options = NonNullable<ParseArgsConfig["options"]>;

/** Every setting as an option of the command line; switches take none and have a `--no-` form. */
export function serverFlags(): Options {
  const options: Options = { config: { type: "string", short: "c" } };
  for (const member of MEMBERS) {
    const { short } = settingOf(member);
    options[settingName(member)] = {
      type: isSwitch(member) ? "boolean" : "string",
      ...(short === undefined ? {} : { short }),
    };
  }
  return options;
}

/** What was given, by member. */
export function flagEntries(values: Readonly<Record<string, unknown>>): ReadonlyMap<keyof ServerConfig, Entry> {
  const entries = new Map<keyof ServerConfig, Entry>();
  for (const member of MEMBERS) {
    const name = settingName(member);
    const value = values[name];
    if (typeof value === "boolean") {
      entries.set(member, { name, value: value ? "yes" : "no", where: value ? `--${name}` : `--no-${name}` });
    } else if (typeof value === "string") entries.set(member, { name, value, where: `--${name}` });
  }
  return entries;
}

export function isSwitch(member: keyof ServerConfig): boolean {
  const { kind } = settingOf(member);
  return (kind as unknown) === yesOrNo || (kind as unknown) === yesNoOrUnset;
}
