import { renderUnicodeCompact } from "uqr";
import { readSecret } from "../read-secret.ts";
import { nothingMore } from "../server-commands/server-command.ts";
import { UsageError } from "../usage.ts";
import { type HostCommand, said } from "./host-command.ts";

export const password: HostCommand = {
  name: "password",
  usage: [
    ["password", "Set the permanent password: asked for, or the first line of the standard input"],
    ["password --clear", "Have none"],
    ["password --renew", "Another one-time password"],
  ],
  switches: ["clear", "renew"],
  async run({ args, flags, ask }) {
    // Never as an argument: other users see those.
    nothingMore(args);
    if (flags.clear === true) {
      await ask("password.clear", {});
      return said("There is no permanent password any more");
    }
    if (flags.renew === true) {
      await ask("one-time.renew", {});
      return said("The one-time password is another one");
    }
    const first = await readSecret("New password: ");
    if (process.stdin.isTTY && first !== (await readSecret("Once more: ")))
      throw new UsageError("They are not the same");
    await ask("password.set", { password: first });
    return said("The permanent password is set. Devices that were trusted have to give a code again");
  },
};

export const secondFactor: HostCommand = {
  name: "second-factor",
  usage: [
    ["second-factor on", "Show a code for an authenticator, and switch it on once one of its codes is right"],
    ["second-factor off", "Want no code any more"],
    ["second-factor codes", "Ten new recovery codes; the old ones no longer hold"],
  ],
  async run({ args: [what, ...more], ask }) {
    nothingMore(more);
    if (what === "off") {
      await ask("second-factor.off", {});
      return said("The second factor is off");
    }
    if (what === "codes") return recovery((await ask("second-factor.recovery", {})).recoveryCodes);
    if (what !== "on") throw new UsageError("pulpit host second-factor on, off or codes");
    const { uri, secret } = await ask("second-factor.begin", {});
    process.stderr.write(`${renderUnicodeCompact(uri)}\n\nOr type it: ${secret}\n\n`);
    const code = await readSecret("Code that the authenticator shows now: ");
    return recovery((await ask("second-factor.confirm", { code })).recoveryCodes);
  },
};

function recovery(codes: readonly string[]): { readonly value: unknown; readonly text: string } {
  const text = `Keep these for the day the authenticator is lost. Each holds once:\n\n${codes.map((code) => `  ${code}`).join("\n")}`;
  return { value: { recoveryCodes: codes }, text };
}
