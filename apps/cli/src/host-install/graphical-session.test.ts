import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { startVirtualDesktop } from "@pulpit/desktop-linux";
import { graphicalSessions } from "./graphical-session.ts";

const uid = process.getuid?.() ?? 0;
const skip = !existsSync("/usr/bin/Xvfb") && "not installed: Xvfb";

test("a session at the computer itself comes before others, and each comes once", async () => {
  using proc = new Processes();
  proc.add({ DISPLAY: ":5", HOME: "/x" });
  proc.add({ DISPLAY: ":0", XAUTHORITY: "/run/x" });
  proc.add({ DISPLAY: ":0", XAUTHORITY: "/run/x", XDG_SEAT: "seat0", XDG_RUNTIME_DIR: "/run/user/1", SECRET: "s" });
  proc.add({ DISPLAY: ":1", XDG_SESSION_TYPE: "wayland", WAYLAND_DISPLAY: "wayland-0" });
  proc.add({ DISPLAY: ":0", XAUTHORITY: "/run/x", XDG_SEAT: "seat0" });
  assert.deepEqual(await graphicalSessions(proc.folder, uid), [
    { DISPLAY: ":0", XAUTHORITY: "/run/x", XDG_RUNTIME_DIR: "/run/user/1" },
    { DISPLAY: ":1", WAYLAND_DISPLAY: "wayland-0", XDG_SESSION_TYPE: "wayland" },
    { DISPLAY: ":5" },
  ]);
});

test("nothing else is taken for a session", async () => {
  using proc = new Processes();
  proc.add({});
  for (const DISPLAY of ["localhost:10.0", "", "0", ":x", "-:0", ":0; rm"]) proc.add({ DISPLAY });
  mkdirSync(join(proc.folder, "999")); // Just ending: no environ.
  mkdirSync(join(proc.folder, "self"));
  writeFileSync(join(proc.folder, "self", "environ"), "DISPLAY=:9\0");
  assert.deepEqual(await graphicalSessions(proc.folder, uid), []);
  proc.add({ DISPLAY: ":0" });
  assert.deepEqual(await graphicalSessions(proc.folder, uid + 1), [], "somebody else's");
});

test("the processes of this computer can be looked through", async () => {
  const child = spawn("sleep", ["60"], { env: { PATH: process.env.PATH, DISPLAY: ":4242" } });
  await once(child, "spawn");
  const displays = (await graphicalSessions("/proc", uid)).map(({ DISPLAY }) => DISPLAY);
  child.kill();
  assert.ok(displays.includes(":4242"));
});

test("a service waits for a desktop and then becomes the host, in that desktop's session", { skip }, async () => {
  using proc = new Processes();
  const program = new URL("in-session.ts", import.meta.url).pathname;
  const say =
    "console.log(process.pid, process.argv[1], process.env.DISPLAY, process.env.XDG_RUNTIME_DIR, process.env.OWN)";
  const host = [process.execPath, "-e", say, "a b"];
  const { PATH } = process.env;
  const service = spawn(process.execPath, [program, ...host], {
    env: { PATH, HOME: proc.folder, PULPIT_PROC: proc.folder, OWN: "kept" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  service.stdout.setEncoding("utf8");
  assert.equal((await once(service.stdout, "data"))[0], "Waiting for this user to log in to a desktop\n");
  // Left over from a session that is over.
  proc.add({ DISPLAY: ":4242", XDG_SEAT: "seat0" });
  await using desktop = await startVirtualDesktop({ width: 640, height: 480, bare: true });
  proc.add({ DISPLAY: desktop.display, XDG_RUNTIME_DIR: "/run/user/7" });
  let output = "";
  service.stdout.on("data", (text: string) => {
    output += text;
  });
  await once(service, "close");
  const { display } = desktop;
  assert.equal(output, `Sharing display ${display}\n${service.pid} a b ${display} /run/user/7 kept\n`);
});

/** A folder that looks like proc(5). */
class Processes implements Disposable {
  readonly folder: string = mkdtempSync(join(tmpdir(), "pulpit-proc-"));
  #number = 0;

  add(environment: Readonly<Record<string, string>>): void {
    this.#number++;
    const folder = join(this.folder, String(this.#number));
    mkdirSync(folder);
    const lines = Object.entries(environment).map(([name, value]) => `${name}=${value}\0`);
    writeFileSync(join(folder, "environ"), lines.join(""));
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
