import { nothingMore } from "../server-commands/server-command.ts";
import { table } from "../server-commands/table.ts";
import { UsageError } from "../usage.ts";
import { type HostCommand, said } from "./host-command.ts";

export const changeId: HostCommand = {
  name: "id",
  usage: [
    ["id NEW", "Another ID for this computer: 6 to 16 characters, a letter first, then letters, digits, _ and -"],
  ],
  async run({ args: [id, ...more], ask }) {
    if (id === undefined) throw new UsageError("Which ID? 'pulpit id' shows the present one");
    nothingMore(more);
    await ask("id.change", { id });
    return said(`This computer's ID is ${id} now`);
  },
};

export const trusted: HostCommand = {
  name: "trusted",
  usage: [
    ["trusted", "Devices that come in without a code"],
    ["trusted forget DEVICE", "One less"],
  ],
  async run({ args: [what, device, ...more], ask }) {
    nothingMore(more);
    if (what === "forget" && device !== undefined) {
      await ask("trusted.forget", { device });
      return said("Forgotten");
    }
    if (what !== undefined) throw new UsageError("pulpit host trusted, or pulpit host trusted forget DEVICE");
    const { trustedDevices } = await ask("view", {});
    const rows = trustedDevices.map(({ device: key, viewer, until }) => [
      key,
      viewer.name,
      viewer.id,
      viewer.platform,
      until,
    ]);
    const text = rows.length === 0 ? "No device is trusted" : table(["DEVICE", "NAME", "ID", "SYSTEM", "UNTIL"], rows);
    return { value: trustedDevices, text };
  },
};
