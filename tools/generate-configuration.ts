// npm run generate: docs/configuration.md and docs/host-settings.md from the tables of settings. With --check: fails when it would change.
import { readFileSync, writeFileSync } from "node:fs";
import { HOST_GROUPS, hostSetting } from "../apps/cli/src/host-config/settings.ts";
import { isSwitch } from "../apps/cli/src/server-config/flags.ts";
import { GROUPS, settingOf, WITHOUT_MEANING } from "../apps/cli/src/server-config/settings.ts";
import { settingName, variableName } from "../apps/cli/src/settings/setting.ts";

const OUT = "docs/configuration.md";
const HOST_OUT = "docs/host-settings.md";

function row(member: Parameters<typeof settingOf>[0]): string {
  const { kind, fallback, otherwise, about, short, stock = [] } = settingOf(member);
  const name = settingName(member);
  const flag = isSwitch(member) ? `\`--${name}\`, \`--no-${name}\`` : `\`--${name}\``;
  const shown = kind.show(fallback);
  const cells = [
    `\`${name}\``,
    short === undefined ? flag : `\`-${short}\`, ${flag}`,
    [variableName(member), ...stock].map((variable) => `\`${variable}\``).join(", "),
    kind.wanted,
    otherwise ?? (shown === "" ? "none" : `\`${shown}\``),
    about,
  ];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

const groups = GROUPS.map(
  ({ title, members }) => `## ${title}

| setting | flags | variables | wants | default | what it does |
| --- | --- | --- | --- | --- | --- |
${members.map(row).join("\n")}
`,
);
const without = Object.entries(WITHOUT_MEANING).map(([name, instead]) => `* \`${name}\`: ${instead}`);
const text = `# Configuration of a server

Everything \`pulpit server\` can be told. Made by \`npm run generate\` from the tables in \`apps/cli/src/server-config\`; do not
edit it. \`pulpit server config\` shows what a running server goes by, and where each value stands.

A setting may stand in four places; the first that has it counts:

1. a flag: \`--web-port 8080\`
2. the file of \`--config FILE\`: lines of \`name = value\`, comments behind \`#\` or \`;\` at the start of a line, no sections.
   Capitals do not matter, and \`-\` and \`_\` are the same. A name that does not exist is an error. Relative paths start at
   the file's folder
3. a file \`.env\` in the working directory: lines of \`VARIABLE=value\`
4. an environment variable: \`PULPIT_WEB_PORT=8080\`

An empty value takes the default back (\`key\` excepted). The names and short flags of stock servers are understood in all
four places, so the files of one can stay as they are. A secret on the command line is seen by everybody on the machine:
put it into a file.

Stock settings that do nothing here, which a warning says:

${without.join("\n")}

${groups.join("\n")}`;

function hostRow(name: Parameters<typeof hostSetting>[0]): string {
  const { kind, fallback, otherwise, about } = hostSetting(name);
  const shown = kind.show(fallback);
  const cells = [`\`${name}\``, kind.wanted, otherwise ?? (shown === "" ? "none" : `\`${shown}\``), about];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

const hostGroups = HOST_GROUPS.map(
  ({ title, members }) => `## ${title}

| setting | wants | default | what it does |
| --- | --- | --- | --- |
${members.map(hostRow).join("\n")}
`,
);
const hostText = `# Settings of a host

Everything \`pulpit host set NAME VALUE\` can be told, also while the host runs. Made by \`npm run generate\` from the tables in
\`apps/cli/src/host-config\`; do not edit it. An empty value takes the default back. What they mean together:
[host.md](host.md).

${hostGroups.join("\n")}`;

for (const [file, content] of [
  [OUT, text],
  [HOST_OUT, hostText],
] as const) {
  if (!process.argv.includes("--check")) writeFileSync(file, content);
  else if (readFileSync(file, "utf8") !== content) {
    console.error(`${file} is not what the tables say: npm run generate`);
    process.exitCode = 1;
  }
}
