import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { lacks, until } from "../test/scene.ts";
import { x11Answers } from "./backends.ts";
import { startVirtualDesktop } from "./virtual-desktop.ts";

const SIZE = { width: 800, height: 600 };
const skip = lacks("Xvfb", "openbox", "xterm", "xdotool");

const windows = (display: string, kind: string): number => {
  try {
    const options = { env: { ...process.env, DISPLAY: display }, stdio: ["ignore", "pipe", "ignore"] as const };
    const found = execFileSync("xdotool", ["search", "--onlyvisible", "--class", kind], options as object);
    return found.toString().trim().split("\n").length;
  } catch {
    return 0;
  }
};

test("a virtual desktop shows a terminal, and everything of it ends with it", { skip }, async () => {
  await using desktop = await startVirtualDesktop(SIZE);
  await until("the terminal", () => windows(desktop.display, "xterm") > 0);
  const inside = execFileSync("pgrep", ["-f", "^(xterm|openbox)"]).toString().trim().split("\n").map(Number);
  const ours = inside.filter((pid) => parentOf(pid) === process.pid);
  assert.equal(ours.length, 2);
  await desktop[Symbol.asyncDispose]();
  assert.equal(await x11Answers(desktop.display), false);
  for (const pid of ours) assert.throws(() => process.kill(pid, 0), { code: "ESRCH" });
  await desktop[Symbol.asyncDispose]();
});

test("a virtual desktop does not outlive a process that is killed", { skip }, async () => {
  const module = new URL("./virtual-desktop.ts", import.meta.url).href;
  const script = `
    const { startVirtualDesktop } = await import(${JSON.stringify(module)});
    console.log((await startVirtualDesktop({ width: 800, height: 600 })).display);
  `;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = await once(child.stdout, "data");
  const display = String(line).trim();
  assert.ok(await x11Answers(display));
  child.kill("SIGKILL");
  await until("the end of the X server", async () => !(await x11Answers(display)));
});

const isRoot = process.getuid?.() === 0;
test("other users do not get in", { skip: skip || (!isRoot && "only root can be somebody else") }, async () => {
  await using desktop = await startVirtualDesktop({ ...SIZE, bare: true });
  const env = { PATH: process.env.PATH, HOME: "/nonexistent", DISPLAY: desktop.display };
  const ask = (who: object): string =>
    execFileSync("xdotool", ["getdisplaygeometry"], { env, stdio: ["ignore", "pipe", "ignore"], ...who }).toString();
  assert.equal(ask({}), "800 600\n");
  assert.throws(() => ask({ uid: 65534, gid: 65534 }));
});

test("missing programs are named with their packages", async () => {
  const path = process.env.PATH;
  process.env.PATH = "/nonexistent";
  try {
    await assert.rejects(startVirtualDesktop(SIZE), {
      name: "DesktopError",
      code: "missing-program",
      message: /apt install xvfb openbox xterm/,
    });
  } finally {
    process.env.PATH = path;
  }
});

test("an impossible size is refused", async () => {
  for (const width of [0, -1, 1.5, 100_000, Number.NaN]) {
    await assert.rejects(startVirtualDesktop({ width, height: 600 }), RangeError);
  }
});

test("starting can be given up", { skip }, async () => {
  const reason = new Error("not any more");
  await assert.rejects(startVirtualDesktop({ ...SIZE, signal: AbortSignal.abort(reason) }), reason);
  const abort = new AbortController();
  const starting = startVirtualDesktop({ ...SIZE, signal: abort.signal });
  setTimeout(() => abort.abort(reason), 5);
  await assert.rejects(starting, reason);
});

function parentOf(pid: number): number {
  try {
    return Number(execFileSync("ps", ["-o", "ppid=", "-p", String(pid)]).toString());
  } catch {
    return 0;
  }
}
