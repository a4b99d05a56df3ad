import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

const skip = process.platform !== "linux" && "asks for Linux";

test("installing and uninstalling leave a unit and then none", { skip }, async () => {
  using home = new Home();
  const installed = await home.pulpit("install", "--", "--size", "1024x768");
  assert.equal(installed.code, 0, installed.stderr);
  assert.match(installed.stdout, /enable-linger/);
  const unit = readFileSync(home.unit, "utf8");
  // The systemctl of this test is content with everything.
  assert.equal((await home.pulpit("state")).stdout, "running\n");
  assert.match(unit, /in-session\.ts" ".*" ".*main\.ts" "host" "--size" "1024x768"$/m);
  const calls = home.calls();
  // Where systemd does not run, its commands are named instead of run.
  assert.ok(calls.includes("--user daemon-reload") || installed.stdout.includes("systemctl --user daemon-reload"));
  const removed = await home.pulpit("uninstall");
  assert.equal(removed.code, 0, removed.stderr);
  assert.ok(!existsSync(home.unit));
  assert.equal((await home.pulpit("state")).stdout, "absent\n");
  assert.match((await home.pulpit("uninstall")).stdout, /nothing to uninstall/);
});

test("--print changes nothing and shows what a person could do by hand", { skip }, async () => {
  using home = new Home();
  const { code, stdout } = await home.pulpit("install", "--print", "--virtual");
  assert.equal(code, 0);
  assert.ok(stdout.includes(`# File ${home.unit}\n`));
  assert.match(stdout, /^ExecStart="[^"]*" "[^"]*main\.ts" "host" "--virtual"$/m);
  assert.match(stdout, /^ {2}systemctl --user enable pulpit-host\.service$/m);
  assert.match((await home.pulpit("uninstall", "--print")).stdout, /^ {2}rm -- /m);
  assert.deepEqual(home.calls(), []);
  assert.deepEqual(readdirSync(home.folder).sort(), ["bin"]);
});

test("a unit that somebody else wrote is left alone, in words", { skip }, async () => {
  using home = new Home();
  mkdirSync(join(home.unit, ".."), { recursive: true });
  writeFileSync(home.unit, "[Service]\n");
  for (const command of ["install", "uninstall"]) {
    const { code, stderr } = await home.pulpit(command);
    assert.equal(code, 1);
    assert.match(stderr, /was not written by Pulpit/);
  }
  assert.equal(readFileSync(home.unit, "utf8"), "[Service]\n");
  assert.equal((await home.pulpit("install", "--force")).code, 0);
  assert.match(readFileSync(home.unit, "utf8"), /Written by 'pulpit host install'/);
});

test("what makes no sense is refused before anything is touched", { skip }, async () => {
  using home = new Home();
  for (const args of [
    ["install", "--nonsense"],
    ["install", "extra"],
    ["install", "--as", "alice"],
    ["install", "--system", "--print", "--as", "root"],
    ["install", "--system", "--print", "--as", "no-such-user-here"],
    ["install", "--system", "--print", "--as", "--help"],
    ["install", "--", "a\nb"],
    ["uninstall", "--as", "alice"],
  ]) {
    assert.equal((await home.pulpit(...args)).code, 2, args.join(" "));
  }
  assert.deepEqual(readdirSync(home.folder).sort(), ["bin"]);
});

const isRoot = process.getuid?.() === 0;
test("root by way of sudo installs for the system, as whoever called it", {
  skip: skip || (!isRoot && "asks for root"),
}, async () => {
  using home = new Home({ SUDO_USER: "daemon" });
  assert.equal((await home.pulpit("install")).code, 2);
  const { code, stdout } = await home.pulpit("install", "--system", "--print");
  assert.equal(code, 0);
  assert.match(stdout, /^User=daemon$/m);
});

/** A home folder of nobody, with a systemctl that only writes down what it is told. */
class Home implements Disposable {
  readonly folder: string = mkdtempSync(join(tmpdir(), "pulpit-home-"));
  readonly unit: string = join(this.folder, ".config/systemd/user/pulpit-host.service");
  readonly #bin: string = join(this.folder, "bin");
  readonly #env: Readonly<Record<string, string>>;

  constructor(env: Readonly<Record<string, string>> = {}) {
    this.#env = env;
    mkdirSync(this.#bin);
    writeFileSync(join(this.#bin, "systemctl"), '#!/bin/sh\necho "$*" >> "$(dirname "$0")/calls"\n', { mode: 0o755 });
  }

  pulpit(...args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    const url = (name: string): string => JSON.stringify(new URL(name, import.meta.url).href);
    const script = `
      const { hostInstall, hostServiceState, hostUninstall } = await import(${url("./host-install.ts")});
      const { readEnv } = await import(${url("../env.ts")});
      const [what, ...args] = process.argv.slice(1);
      try {
        if (what === "state") console.log(await hostServiceState("user", readEnv()));
        else process.exitCode = await (what === "install" ? hostInstall : hostUninstall)(args, readEnv());
      } catch (error) {
        console.error(error.message);
        process.exitCode = { UsageError: 2, FailedError: 1 }[error.name] ?? 99;
      }`;
    const env = { HOME: this.folder, PATH: `${this.#bin}:/usr/bin:/bin`, ...this.#env };
    const { promise, resolve } = Promise.withResolvers<{ code: number; stdout: string; stderr: string }>();
    const child = execFile(
      process.execPath,
      ["--input-type=module", "-e", script, "--", ...args],
      { env },
      (_, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
    return promise;
  }

  calls(): readonly string[] {
    const file = join(this.#bin, "calls");
    return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
