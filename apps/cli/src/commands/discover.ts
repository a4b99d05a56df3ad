import { discover as ask, type FoundHost } from "@pulpit/link-node";
import { grouped } from "../screen-text.ts";
import { table } from "../server-commands/table.ts";
import { noMore, parse } from "../usage.ts";
import type { Command } from "./command.ts";

export const discover: Command = {
  name: "discover",
  summary: "Hosts on this network that want to be found",
  help: `Usage: pulpit discover [--json]

Asks the networks this computer is on for hosts, stock ones too, and waits until nobody has answered for three seconds.
A host of Pulpit answers when its owner has set 'discoverable'. What hosts say of themselves is their own word.

  --json  For programs
  --help  Show this`,

  async run(args) {
    const { values, positionals } = parse(args, { json: { type: "boolean" } });
    noMore(positionals);
    const found: FoundHost[] = [];
    const abort = new AbortController();
    process.once("SIGINT", () => abort.abort());
    await ask((host) => found.push(host), { signal: abort.signal });
    const rows = found.map(({ id, hostname, platform, address }) => [grouped(id), hostname, platform, address]);
    const list = rows.length === 0 ? "Nobody has answered" : table(["ID", "NAME", "SYSTEM", "ADDRESS"], rows);
    process.stdout.write(`${values.json === true ? JSON.stringify(found, undefined, 2) : list}\n`);
    return 0;
  },
};
