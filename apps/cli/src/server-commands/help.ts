import { isSwitch } from "../server-config/flags.ts";
import { GROUPS, settingOf } from "../server-config/settings.ts";
import { settingName } from "../settings/setting.ts";
import { SERVER_COMMANDS } from "./all.ts";

/** Columns of a terminal that a help text may take. */
const WIDTH = 110;

/** Of `pulpit server`: commands, then every setting out of the table. */
export function serverHelp(): string {
  const commands = SERVER_COMMANDS.flatMap(({ usage }) => usage);
  const column = Math.max(...commands.map(([words]) => words.length));
  return [
    "Usage: pulpit server [options]          run ID server, relay and web client",
    "       pulpit server COMMAND [options]  ask or change a running one",
    "",
    ...commands.map(([words, about]) => `  ${words.padEnd(column)}  ${about}`),
    "",
    "Options of the commands: --json for programs; --data or --config as the server has them.",
    "",
    "Settings can stand on the command line, in the file of --config, in .env or in the environment, in this order.",
    "Switches have a --no- form. docs/configuration.md has all names.",
    "",
    "  -c, --config FILE",
    ...wrapped("A file of 'name = value' lines."),
    ...GROUPS.flatMap(({ title, members }) => ["", `${title}:`, "", ...members.flatMap(optionLines)]),
  ].join("\n");
}

function optionLines(member: Parameters<typeof settingOf>[0]): readonly string[] {
  const { short, about, kind, fallback, otherwise } = settingOf(member);
  const value = isSwitch(member) ? "" : " VALUE";
  const byDefault = (otherwise ?? kind.show(fallback)).replaceAll("`", "");
  return [
    `  ${short === undefined ? "" : `-${short}, `}--${settingName(member)}${value}`,
    ...wrapped(`${about.replaceAll("`", "")} Default: ${byDefault === "" ? "none" : byDefault}.`),
  ];
}

function wrapped(text: string): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + word.length + 7 > WIDTH) {
      lines.push(line);
      line = "";
    }
    line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].map((part) => `      ${part}`);
}
