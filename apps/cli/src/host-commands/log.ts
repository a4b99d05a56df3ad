import type { HistoryEntry, JournalVerdict } from "@pulpit/host-control";
import { MAX_PAGE } from "@pulpit/host-control";
import type { Said } from "../server-commands/server-command.ts";
import { UsageError } from "../usage.ts";
import type { HostCommand } from "./host-command.ts";

export const log: HostCommand = {
  name: "log",
  usage: [
    ["log [--all]", "What happened here, the latest first: who came, from where, and what they used"],
    ["log verify", "Whether the log is whole and as it was written"],
  ],
  switches: ["all"],
  async run({ args: [what, ...more], flags, ask }) {
    if (what === "verify" && more.length === 0) return verdict(await ask("history.verify", {}));
    if (what !== undefined) throw new UsageError("pulpit host log, or pulpit host log verify");
    const entries: HistoryEntry[] = [];
    for (let before = 0; ; ) {
      const page = await ask("history", { before, limit: MAX_PAGE });
      entries.push(...page);
      before = page.at(-1)?.number ?? 0;
      if (flags.all !== true || before <= 1) break;
    }
    return { value: entries, text: entries.map(line).join("\n") };
  },
};

function line({ number, at, event: { type, ...rest } }: HistoryEntry): string {
  const facts = Object.entries(rest).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  // Names of strangers stand in it: nothing may steer the terminal.
  return `${number}  ${at}  ${type}  ${facts.join(" ")}`.replace(/\p{C}/gu, "");
}

function verdict(found: JournalVerdict): Said {
  if (found.type === "whole") return { value: found, text: `The log is whole: ${found.entries} entries` };
  const text = `The log is not as it was written: entry ${found.entry}, ${found.why}`;
  return { value: found, text, exitCode: 1 };
}
