import { UsageError } from "../usage.ts";
import type { ServerCommand } from "./server-command.ts";
import { table } from "./table.ts";

export const blocklist: ServerCommand = {
  name: "blocklist",
  usage: [
    ["blocklist", "Addresses that are not relayed, or slowly"],
    ["blocklist add ADDRESS…", "Relay nothing for them any more; --throttle: slowly"],
    ["blocklist remove ADDRESS…", "Take them off again; --throttle: off the other list"],
  ],
  switches: ["throttle"],
  async run({ args, flags, ask }) {
    const [action = "list", ...addresses] = args;
    if (action !== "list" && action !== "add" && action !== "remove")
      throw new UsageError(`There is no 'blocklist ${action}'; 'pulpit server --help' lists what there is`);
    if (action !== "list" && addresses.length === 0)
      throw new UsageError(`Whom? blocklist ${action} wants addresses, or networks such as 192.0.2.0/24`);
    if (action === "list" && addresses.length > 0) throw new UsageError(`Unexpected argument '${addresses[0]}'`);
    const list = flags.throttle === true ? "throttled" : "refused";
    const value =
      action === "list"
        ? await ask("blocklist.list", {})
        : await ask(action === "add" ? "blocklist.add" : "blocklist.remove", { list, addresses });
    const rows = [
      ...value.refused.map((address) => [address, "refused"]),
      ...value.throttled.map((address) => [address, "throttled"]),
    ];
    return { value, text: rows.length === 0 ? "Both lists are empty" : table(["ADDRESS", ""], rows) };
  },
};
