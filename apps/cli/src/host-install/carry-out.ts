import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { access, lstat, mkdir, readFile, readlink, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { type InstallPlan, MARKER, type PlannedCommand, type PlannedFile, type UninstallPlan } from "./service-plan.ts";

/** A file of ours is a few kilobytes; nothing larger is read. */
const MAX_FILE = 1024 * 1024;
/** A command that has not ended by then has failed, ms. */
const COMMAND_WITHIN = 60_000;
/** Of what a command complains, characters. */
const MAX_WORDS = 2_000;

export type Outcome =
  /** `changed`: whether any file is different now. */
  | { readonly type: "done"; readonly changed: boolean }
  /** Installing: files are as they should be; these commands are left for a service manager that runs. */
  | { readonly type: "by-hand"; readonly commands: readonly PlannedCommand[] }
  /** Somebody else wrote this file; nothing was touched. */
  | { readonly type: "foreign"; readonly path: string }
  /** Uninstalling: there was nothing. */
  | { readonly type: "nothing" }
  /** A command failed; this one and those after it are left. */
  | { readonly type: "failed"; readonly why: string; readonly commands: readonly PlannedCommand[] };

/** Writes the files and runs the commands. `force`: files of others are replaced. Twice is the same as once. */
export async function carryOut(plan: InstallPlan, options: { readonly force: boolean }): Promise<Outcome> {
  const states = await Promise.all(plan.files.map(stateOf));
  const foreign = states.indexOf("foreign");
  if (foreign >= 0 && !options.force) return { type: "foreign", path: (plan.files[foreign] as PlannedFile).path };
  const changed = states.some((state) => state !== "same");
  for (const [index, file] of plan.files.entries()) if (states[index] !== "same") await write(file);
  const commands = plan.commands.filter(({ when }) => when === undefined || (when === "changed") === changed);
  if (!(await isThere(plan.managerAt))) return { type: "by-hand", commands };
  return (await runAll(commands)) ?? { type: "done", changed };
}

/** Stops what runs and removes the files, if they are ours. */
export async function carryOutUninstall(plan: UninstallPlan): Promise<Outcome> {
  const states = await Promise.all(plan.files.map((file) => stateOf({ ...file, content: undefined })));
  const foreign = states.indexOf("foreign");
  if (foreign >= 0) return { type: "foreign", path: plan.files[foreign]?.path ?? "" };
  if (states.every((state) => state === "absent")) return { type: "nothing" };
  const manager = await isThere(plan.managerAt);
  const stopped = manager ? await runAll(plan.before) : undefined;
  // A service that could not be stopped keeps its files: they are what the next attempt goes by.
  if (stopped !== undefined) return stopped;
  for (const { path, to } of plan.links) if ((await linkAt(path)) === to) await rm(path);
  for (const { path } of plan.files) await rm(path, { force: true });
  // A service manager that does not run has nothing to be told.
  return (manager ? await runAll(plan.after) : undefined) ?? { type: "done", changed: true };
}

/** Runs one; undefined when it went well, otherwise why not, in a line. */
export function run({ argv }: PlannedCommand): Promise<string | undefined> {
  const [program, ...args] = argv;
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"] });
  // Not the option of spawn, whose timer lives on when the program can't be started.
  const timer = setTimeout(() => child.kill(), COMMAND_WITHIN);
  let words = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    words = (words + text).slice(0, MAX_WORDS);
  });
  child.once("error", () => resolve(`${program} can't be run`));
  child.once("close", (code, signal) => {
    if (code === 0) resolve(undefined);
    else resolve(words.trim().split("\n")[0] || `${program} ended with ${code ?? signal}`);
  });
  return promise.finally(() => clearTimeout(timer));
}

async function runAll(commands: readonly PlannedCommand[]): Promise<Outcome | undefined> {
  for (const [index, command] of commands.entries()) {
    const why = await run(command);
    if (why !== undefined && command.optional !== true) return { type: "failed", why, commands: commands.slice(index) };
  }
  return undefined;
}

/** `same`: ours, with this content. Anything but a plain file is somebody else's, such as the link that masks a unit. */
async function stateOf({
  path,
  content,
  encoding,
}: Omit<PlannedFile, "content"> & { readonly content: string | undefined }): Promise<
  "absent" | "same" | "ours" | "foreign"
> {
  try {
    const facts = await lstat(path);
    if (!facts.isFile() || facts.size > MAX_FILE) return "foreign";
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "absent";
    throw error;
  }
  const text = await readFile(path, encoding);
  if (text === content) return "same";
  return text.includes(MARKER) ? "ours" : "foreign";
}

/** In one step: nobody sees half of a file, and a link there is replaced and not followed. */
async function write({ path, content, encoding }: PlannedFile): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const beside = `${path}.${randomUUID()}`;
  try {
    await writeFile(beside, content, { encoding, mode: 0o644, flag: "wx" });
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

/** Where a link leads; undefined for what is none. */
async function linkAt(path: string): Promise<string | undefined> {
  try {
    return await readlink(path);
  } catch (error) {
    if (["ENOENT", "EINVAL"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
}

async function isThere(path: string | undefined): Promise<boolean> {
  if (path === undefined) return true;
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
