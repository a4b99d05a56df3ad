import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../../../apps/cli/src/main.ts", import.meta.url));

/** A person's profile on this computer, and `pulpit connect` in it. */
export interface Person extends Disposable {
  readonly home: string;
  /** Starts `pulpit connect … --print`; resolves when it has printed its link. */
  connect(...args: string[]): Promise<Connecting>;
}

export interface Connecting {
  readonly child: ChildProcess;
  /** Lets one page in. */
  readonly link: string;
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
  [Symbol.asyncDispose](): Promise<void>;
}

export function person(): Person {
  const folder = mkdtempSync(join(tmpdir(), "pulpit-connect-"));
  const home = join(folder, "profile");
  const env: NodeJS.ProcessEnv = { PATH: process.env.PATH, HOME: folder, PULPIT_HOME: home, LANG: "C.UTF-8" };
  return {
    home,
    async connect(...args) {
      const child = spawn(process.execPath, [MAIN, "connect", ...args, "--print"], {
        env,
        cwd: folder,
        stdio: ["ignore", "pipe", "inherit"],
      });
      const ended = new Promise<number | NodeJS.Signals | null>((resolve) =>
        child.once("close", (code, signal) => resolve(signal ?? code)),
      );
      const link = await printed(child);
      return {
        child,
        link,
        ended,
        async [Symbol.asyncDispose]() {
          child.kill("SIGKILL");
          await ended;
        },
      };
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The first line, which is the link. */
function printed(child: ChildProcess): Promise<string> {
  let text = "";
  return new Promise((resolve, reject) => {
    child.stdout?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      const [, link] = /^(http:\S+)\n/.exec(text) ?? [];
      if (link !== undefined) resolve(link);
    });
    child.once("close", (code) => reject(new Error(`it ended with ${code}: ${text}`)));
  });
}
