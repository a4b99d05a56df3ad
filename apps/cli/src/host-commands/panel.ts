import { AdminError, ask } from "@pulpit/admin";
import { openInBrowser } from "../open-in-browser.ts";
import { nothingMore } from "../server-commands/server-command.ts";
import { FailedError } from "../usage.ts";
import type { HostCommand } from "./host-command.ts";

export const panel: HostCommand = {
  name: "panel",
  usage: [["panel [--print]", "Open the page of this computer in the browser, or only print its address"]],
  switches: ["print"],
  async run({ args, flags, env, socket }) {
    nothingMore(args);
    // With sudo the browser is that of whoever called it.
    const caller = process.geteuid?.() === 0 ? Number(env.variables.SUDO_UID) : Number.NaN;
    const link = await linkFrom(socket, Number.isSafeInteger(caller) ? { forUser: caller } : {});
    if (flags.print !== true) await openInBrowser(link);
    return { value: { link }, text: `${link}\n(holds once, within a minute)` };
  },
};

async function linkFrom(socket: string, what: object): Promise<string> {
  try {
    return (await ask(socket, "panel.link", what)) as string;
  } catch (error) {
    if (!(error instanceof AdminError)) throw error;
    const absent = error.code === "not-running";
    throw new FailedError(absent ? "Pulpit does not run here; 'pulpit host' starts it" : error.message, {
      cause: error,
    });
  }
}
