import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const LAUNCHER = join(ROOT, "apps/cli/bin/pulpit.js");
/** The Node that a fresh machine has; the command has to find its own. */
const NODE = execFileSync("sh", ["-c", "command -v node"], {
  encoding: "utf8",
  env: {
    ...process.env,
    PATH: (process.env.PATH ?? "")
      .split(":")
      .filter((part) => !part.includes("node_modules"))
      .join(":"),
  },
}).trim();

let home: string;
before(() => {
  home = mkdtempSync(join(tmpdir(), "pulpit-command-"));
});
after(() => rmSync(home, { recursive: true }));

const env = (): NodeJS.ProcessEnv => ({ ...process.env, PULPIT_HOME: join(home, "profile"), DISPLAY: "" });

function run(...args: string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(NODE, [LAUNCHER, ...args], {
    encoding: "utf8",
    env: env(),
    timeout: 20_000,
  });
  return { code: status, out: stdout, err: stderr };
}

/** Starts `pulpit up` and waits for what it prints. */
async function up(): Promise<{ child: ChildProcess; url: string; id: string; password: string }> {
  const child = spawn(NODE, [LAUNCHER, "up", "--virtual", "--size", "640x480", "--port", "0", "--web-port", "0"], {
    env: env(),
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      if (/Password .+\n/.test(text)) resolve();
    });
    child.once("exit", (code) => reject(new Error(`it ended with ${code}: ${text}`)));
  });
  const found = (name: string): string => new RegExp(`${name} +(.+)`).exec(text)?.[1] ?? "";
  return { child, url: found("Open"), id: found("ID").replaceAll(" ", ""), password: found("Password") };
}

test("help is there for everything, and a bad command line is one line and exit code 2", () => {
  assert.match(run("--help").out, /up[\s\S]*server[\s\S]*host[\s\S]*connect[\s\S]*id/);
  for (const command of ["up", "server", "host", "connect", "id"]) {
    const { code, out } = run(command, "--help");
    assert.equal(code, 0);
    assert.match(out, /^Usage: pulpit /);
  }
  for (const bad of [
    ["fly"],
    ["up", "--wings"],
    ["up", "--port", "many"],
    ["up", "--size", "huge"],
    ["host", "fly"],
    ["host", "--server", "not a host"],
    ["host", "set", "wings", "yes"],
    ["connect"],
    ["server", "extra"],
  ]) {
    const { code, out, err } = run(...bad);
    assert.equal(code, 2, bad.join(" "));
    assert.equal(out, "");
    assert.match(err, /^pulpit: .+\n$/, bad.join(" "));
  }
});

test("`up` under any Node shares a virtual desktop; the example looks at it; a stop leaves nothing behind", async () => {
  const { child, url, id, password } = await up();
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  try {
    const picture = join(home, "desktop.ppm");
    execFileSync(process.execPath, [join(ROOT, "examples/01-look.ts"), url, id, password, picture], {
      timeout: 30_000,
    });
    const bytes = readFileSync(picture);
    assert.equal(bytes.subarray(0, 14).toString("latin1"), "P6 640 480 255");
    assert.ok(new Set(bytes.subarray(15)).size > 20, "the picture is not blank");
    const shown = run("id");
    assert.match(shown.out, new RegExp(id.replace(/(\d{3})(?=\d)/g, "$1 ")));
    assert.match(shown.out, /([0-9a-f]{4} ){7}/);
    assert.ok(!shown.out.includes(password));
    assert.equal(run("connect", id, "--web", url, "--print").out.trim().startsWith(url), true);
    assert.ok(!run("connect", id, "--web", url, "--print").out.includes(password));
  } finally {
    child.kill("SIGTERM");
  }
  assert.equal(await ended, 0);
  assert.equal(children(child.pid as number), "");
});

/** Processes whose parent was this one and that are still there. */
function children(pid: number): string {
  return spawnSync("pgrep", ["-P", String(pid)], { encoding: "utf8" }).stdout.trim();
}
