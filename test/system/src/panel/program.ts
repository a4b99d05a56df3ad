import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const MAIN = fileURLToPath(new URL("../../../../apps/cli/src/main.ts", import.meta.url));
/** Starting an X server, a server and a host on a busy machine, ms. */
const START_WITHIN = 60_000;

/** `pulpit up --virtual` in a profile of its own, and the commands that go with it. */
export interface Program extends AsyncDisposable {
  readonly home: string;
  /** Address of the viewer's page. */
  readonly url: string;
  /** The ID that it started with. */
  readonly id: string;
  /** The X display that is shared, such as `:99`. */
  readonly display: string;
  /** What `pulpit host …` prints; `server`: `pulpit server …`, which is the server of the same program. */
  host(...args: string[]): Promise<string>;
  server(...args: string[]): Promise<string>;
  /** A fresh link to the host's page. */
  link(): Promise<string>;
  /** Ends it, lets the profile be changed, and starts it again where the viewer's page was. */
  restart(change: () => void): Promise<void>;
}

/** Starts it with a desktop of 800 × 600, and resolves when it can be called. */
export async function startProgram(size = "800x600"): Promise<Program> {
  const home = mkdtempSync(join(tmpdir(), "pulpit-panel-"));
  const env = { ...process.env, PULPIT_HOME: home, DISPLAY: "" };
  const command = async (...args: string[]): Promise<string> =>
    (await promisify(execFile)(process.execPath, [MAIN, ...args], { env, timeout: START_WITHIN })).stdout;
  const host: Program["host"] = (...args) => command("host", ...args);
  let running = await up(env, size, "0");
  try {
    const status = JSON.parse(await host("status", "--json")) as { id: string; desktop: { name: string } };
    return {
      home,
      url: running.url,
      id: status.id,
      display: status.desktop.name,
      host,
      server: (...args) => command("server", ...args),
      link: async () => (await host("panel", "--print")).split("\n")[0] as string,
      async restart(change) {
        await end(running.child);
        change();
        running = await up(env, size, new URL(running.url).port);
      },
      async [Symbol.asyncDispose]() {
        await end(running.child);
        rmSync(home, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await end(running.child);
    throw error;
  }
}

async function up(
  env: NodeJS.ProcessEnv,
  size: string,
  webPort: string,
): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const child = spawn(
    process.execPath,
    [MAIN, "up", "--virtual", "--size", size, "--port", "0", "--web-port", webPort],
    { env, stdio: ["ignore", "pipe", "inherit"] },
  );
  let text = "";
  const url = await new Promise<string>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`it does not get ready: ${text}`)), START_WITHIN);
    child.once("exit", (code) => reject(new Error(`it ended with ${code}: ${text}`)));
    child.stdout?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      const found = /Open +(\S+)[\s\S]*ID +.+\n/.exec(text)?.[1];
      if (found === undefined) return;
      clearTimeout(late);
      resolve(found);
    });
  }).catch((error: unknown) => {
    child.kill("SIGKILL");
    throw error;
  });
  return { child, url };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await ended;
}
