import { existsSync } from "node:fs";
import type { Env } from "../env.ts";
import { FailedError, noMore, parse } from "../usage.ts";
import { carryOut, carryOutUninstall, type Outcome, run } from "./carry-out.ts";
import { planInstall, plannerFor, planUninstall } from "./planner.ts";
import type { InstallPlan, PlannedCommand, ServiceKind, UninstallPlan } from "./service-plan.ts";
import { shellLine } from "./shell-line.ts";
import { placeOf, wishOf } from "./wish.ts";

export const HOST_INSTALL_HELP = `Usage: pulpit host install [options] [-- OPTIONS OF pulpit host]

Has this desktop shared whenever you are logged in, or from boot. Run again, it takes up what has changed.

  --system     A service of the whole system, from boot (Linux; with sudo)
  --as USER    Whose desktop a service of the system shares (default: who called sudo)
  --virtual    Share a virtual desktop, with nobody logged in
  --print      Show the files and commands, and change nothing
  --force      Replace a file that Pulpit has not written
  --help       Show this

macOS and Windows: written, and never tested.`;

export const HOST_UNINSTALL_HELP = `Usage: pulpit host uninstall [--system] [--print]

Stops the service that 'pulpit host install' made, and removes it. ID, keys and settings stay.

  --system     The service of the whole system (with sudo)
  --print      Show what would be done, and change nothing
  --help       Show this`;

const WHERE = {
  system: { type: "boolean" },
  print: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

/** `pulpit host install`; gives the exit code. Throws UsageError and FailedError. */
export async function hostInstall(args: readonly string[], env: Env): Promise<number> {
  const end = args.includes("--") ? args.indexOf("--") : args.length;
  const { values, positionals } = parse(args.slice(0, end), {
    ...WHERE,
    as: { type: "string" },
    virtual: { type: "boolean" },
    force: { type: "boolean" },
  });
  noMore(positionals);
  if (values.help === true) return say(HOST_INSTALL_HELP);
  const { print = false, virtual = false, force = false } = values;
  const kind = values.system === true ? "system" : "user";
  const choice = { kind, as: values.as, virtual, hostOptions: args.slice(end + 1) } as const;
  const wish = await wishOf(placeOf(kind, print, env), choice);
  const plan = planInstall(process.platform, wish);
  if (print) return say(planText(plan));
  const outcome = await translated(carryOut(plan, { force }));
  if (outcome.type === "done" && !outcome.changed) return say("The host was installed already, and runs");
  if (outcome.type === "done") say("The host is installed and runs");
  return report(outcome, [...plan.files.map(({ path }) => `Written: ${path}`), ...plan.notes]);
}

/** `pulpit host uninstall`; gives the exit code. */
export async function hostUninstall(args: readonly string[], env: Env): Promise<number> {
  const { values, positionals } = parse(args, WHERE);
  noMore(positionals);
  if (values.help === true) return say(HOST_UNINSTALL_HELP);
  const { print = false } = values;
  const kind = values.system === true ? "system" : "user";
  const plan = planUninstall(process.platform, placeOf(kind, print, env));
  if (print) return say(uninstallText(plan));
  const outcome = await translated(carryOutUninstall(plan));
  if (outcome.type === "done") say("The host is uninstalled; ID, keys and settings are still there");
  return report(outcome, []);
}

/** How a host that was installed is doing. */
export type ServiceState = "absent" | "stopped" | "running";

/** For `pulpit host status`; changes nothing. */
export async function hostServiceState(kind: ServiceKind, env: Env): Promise<ServiceState> {
  const place = placeOf(kind, true, env);
  const planner = plannerFor(process.platform);
  const paths = planner.uninstall(place).files.map(({ path }) => path);
  if (!paths.every((path) => existsSync(path))) return "absent";
  return (await run(planner.running(place))) === undefined ? "running" : "stopped";
}

function report(outcome: Outcome, notes: readonly string[]): number {
  switch (outcome.type) {
    case "done":
      return say(...notes);
    case "nothing":
      return say("There is nothing to uninstall");
    case "by-hand":
      return say(...notes, "The service manager does not run here. Once it does:", ...lines(outcome.commands));
    case "foreign":
      throw new FailedError(`${outcome.path} was not written by Pulpit, and stays; --force of 'install' replaces it`);
    case "failed":
      say(...notes, "Left to do:", ...lines(outcome.commands));
      throw new FailedError(outcome.why);
  }
}

function planText(plan: InstallPlan): string {
  const files = plan.files.flatMap(({ path, content }) => [`# File ${path}`, content.replace(/^\ufeff/, "")]);
  return [...files, "# Commands", ...lines(plan.commands), "", ...plan.notes.map((note) => `# ${note}`)].join("\n");
}

function uninstallText({ before, files, after }: UninstallPlan): string {
  const removed = files.map(({ path }) => `  ${shellLine(["rm", "--", path])}`);
  return ["# Commands", ...lines(before), ...removed, ...lines(after)].join("\n");
}

function lines(commands: readonly PlannedCommand[]): readonly string[] {
  return commands.map(({ argv }) => `  ${shellLine(argv)}`);
}

/** Rights and disks are outside of the program: a line and no trace. */
async function translated(work: Promise<Outcome>): Promise<Outcome> {
  try {
    return await work;
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException;
    if (code === undefined || path === undefined) throw error;
    throw new FailedError(`${path}: ${code}`, { cause: error });
  }
}

function say(...text: readonly string[]): number {
  process.stdout.write(`${text.join("\n")}\n`);
  return 0;
}
