import { execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";

/** `ip netns` needs a moment on a busy machine, but not so long, ms. */
const PATIENCE = 30_000;

/** Runs a program with `input`; what it says when it fails becomes the error. */
export async function run(command: string, args: readonly string[], input = ""): Promise<void> {
  const child = spawn(command, args, { stdio: ["pipe", "ignore", "pipe"], timeout: PATIENCE });
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, "close")]);
  if (code !== 0) throw new Error(`${command} ${args.join(" ")}: ${said.trim()}\n${input}`);
}

/** What a program prints; "" when it fails. For asking what there is, where nothing is an answer too. */
export function output(command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(command, args, { timeout: PATIENCE }, (error, stdout) => resolve(error === null ? stdout : ""));
  });
}

/** The same while the process ends, when nothing can be waited for. */
export function outputNow(command: string, args: readonly string[]): string {
  try {
    return execFileSync(command, args, { encoding: "utf8", timeout: PATIENCE, stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    // Nothing to be had, as the caller expects of something that may be gone already.
    return "";
  }
}
