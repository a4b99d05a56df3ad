import { HOST_GROUPS, hostSetting, settingNamed } from "../host-config/settings.ts";
import type { Said } from "../server-commands/server-command.ts";
import { UsageError } from "../usage.ts";
import { type HostCommand, said } from "./host-command.ts";

export const set: HostCommand = {
  name: "set",
  usage: [
    ["set", "Every setting, what it is now and what it means"],
    ["set NAME VALUE", "Decide one, also while the host runs; an empty value takes the default back"],
  ],
  async run({ args: [name, ...values], ask }) {
    if (name === undefined) return list((await ask("view", {})).settings);
    if (settingNamed(name) === undefined) {
      throw new UsageError(`There is no setting '${name}'; 'pulpit host set' lists them`);
    }
    if (values.length !== 1) throw new UsageError("Give a name and one value: pulpit host set NAME VALUE");
    await ask("settings.set", { name, value: values[0] as string });
    return said(`${name} is set`);
  },
};

export const get: HostCommand = {
  name: "get",
  usage: [["get NAME", "One setting"]],
  async run({ args: [name, ...more], ask }) {
    const known = name === undefined ? undefined : settingNamed(name);
    if (known === undefined || more.length > 0) throw new UsageError("Which setting? 'pulpit host set' lists them");
    const value = (await ask("view", {})).settings[known];
    return { value: { name: known, value }, text: value };
  },
};

function list(values: Readonly<Record<string, string>>): Said {
  const groups = HOST_GROUPS.map(({ title, members }) => {
    const rows = members.map((name): [string, string] => {
      const { about, kind } = hostSetting(name);
      return [name, `${values[name] || "-"}\n${"".padEnd(4)}${about} Wants ${kind.wanted}.`];
    });
    return `${title}\n\n${rows.map(([name, text]) => `  ${name} = ${text}`).join("\n")}`;
  });
  return { value: values, text: groups.join("\n\n") };
}
