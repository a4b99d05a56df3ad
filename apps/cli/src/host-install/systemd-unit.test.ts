import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { accessSync, chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { UsageError } from "../usage.ts";
import type { InstallWish } from "./service-plan.ts";
import { UNIT_NAME } from "./systemd.ts";
import { systemdUnit } from "./systemd-unit.ts";
import { commandLine, quoted } from "./systemd-words.ts";

/** Somebody who is not root: systemd tests the units of no one else. */
const NOBODY = 65_534;
/** Debian 12's; it has to be there, but need not run. */
const SYSTEMD = "/lib/systemd/systemd";
const skip = !there("/usr/bin/systemd-analyze") && "not installed: systemd";

const wish: InstallWish = {
  kind: "user",
  command: ["/opt/pulpit/node", "/opt/pulpit/main.ts", "host"],
  inSession: "/opt/pulpit/in-session.ts",
  home: "/home/alice",
  user: "alice",
  uid: 1000,
  env: {},
};

/** Words that mean something to systemd, a shell or a unit file. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: systemd's variables look like that
const ODD = ["a b", "%h%%n", "$HOME ${HOME} $$", 'q"q', "it's", "back\\slash\\n", "", ";", "zażółć", "-x=1", "@:+!"];

test("both kinds of unit pass systemd's own check, wherever Pulpit is", { skip }, () => {
  using folder = new Folder();
  const program = folder.program("a b%h$HOME é;/node");
  for (const kind of ["user", "system"] as const) {
    const command = [program, ...ODD];
    const env = { PULPIT_HOME: '/data/a "b" %h\\' };
    const path = folder.write(UNIT_NAME, systemdUnit({ ...wish, kind, command, user: "daemon", env }));
    const check = spawnSync("systemd-analyze", [...(kind === "user" ? ["--user"] : []), "verify", path], {
      env: { PATH: process.env.PATH, XDG_RUNTIME_DIR: folder.path },
      encoding: "utf8",
    });
    const complaints = check.stderr.split("\n").filter((line) => line.includes(UNIT_NAME));
    assert.deepEqual({ status: check.status, complaints }, { status: 0, complaints: [] });
  }
});

test("systemd reads the same words that were written", { skip }, () => {
  using folder = new Folder();
  const program = folder.program("a b%h$HOME/node");
  const unit = systemdUnit({
    ...wish,
    inSession: undefined,
    command: [program, ...ODD],
    env: { PULPIT_HOME: 'a "b" %h\\$x' },
  });
  folder.write(UNIT_NAME, unit);
  folder.write("default.target", `[Unit]\nWants=${UNIT_NAME}\n`);
  const read = execFileSync(SYSTEMD, ["--user", "--test", "--no-pager", "--log-target=console"], {
    env: { HOME: folder.path, XDG_RUNTIME_DIR: folder.path, SYSTEMD_UNIT_PATH: folder.path },
    ...(process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}),
    stdio: ["ignore", "pipe", "ignore"],
    encoding: "utf8",
  });
  // It lists words as a shell would take them. Variables are only put in when the program starts: "$$" is still there.
  const asShell = (word: string): string =>
    /^[\w@:+!=.-]+$/.test(word) ? word : `"${word.replace(/[\\"$`]/g, "\\$&")}"`;
  const listed = [asShell(program), ...ODD.map((word) => asShell(word.replaceAll("$", "$$$$")))];
  const line = read.split("\n").find((found) => found.includes("Command Line:")) ?? "";
  assert.deepEqual(unshelled(line.slice(line.indexOf(":") + 1)), unshelled(listed.join(" ")));
  assert.match(read, /Environment: PULPIT_HOME=a "b" %h\\\$x\n/);
});

test("a line break can't smuggle in a directive, and neither can the name of a user", () => {
  for (const word of ["a\nExecStartPre=/bin/evil", "a\r", "a\0b", "\x1b"]) {
    assert.throws(() => quoted(word), UsageError);
    assert.throws(() => systemdUnit({ ...wish, command: ["/node", word] }), UsageError);
    assert.throws(() => systemdUnit({ ...wish, env: { PULPIT_HOME: word } }), UsageError);
  }
  for (const user of ["", "a b", "%u", "a\nGroup=root", "-x", "x".repeat(33), "1000"]) {
    assert.throws(() => systemdUnit({ ...wish, kind: "system", user }), UsageError);
  }
});

test("programs that systemd would refuse are refused before", () => {
  for (const program of ["node", "./node", "/a'b/node", '/a"b/node', "/a\\b/node"]) {
    assert.throws(() => commandLine([program]), UsageError);
  }
  assert.throws(() => commandLine([]), UsageError);
});

test("a host of the system gives up root for good, and one without a wait is started at once", () => {
  const unit = systemdUnit({ ...wish, kind: "system", inSession: undefined });
  assert.match(unit, /^User=alice$/m);
  assert.match(unit, /^CapabilityBoundingSet=$/m);
  assert.match(unit, /^NoNewPrivileges=yes$/m);
  assert.match(unit, /^ExecStart="\/opt\/pulpit\/node" "\/opt\/pulpit\/main.ts" "host"$/m);
  assert.doesNotMatch(systemdUnit(wish), /User=|NoNewPrivileges/);
});

test("the units that are handed out with Pulpit are the ones that are installed", () => {
  const opt = (path: string): string => `/opt/pulpit/${path}`;
  const command = [opt("node_modules/.bin/node"), opt("apps/cli/src/main.ts"), "host"];
  const inSession = opt("apps/cli/src/host-install/in-session.ts");
  for (const [name, kind] of [
    ["pulpit-host.service", "system"],
    ["pulpit-host.user.service", "user"],
  ] as const) {
    const handedOut = readFileSync(new URL(`../../../../deploy/${name}`, import.meta.url), "utf8");
    assert.equal(handedOut, systemdUnit({ ...wish, kind, command, inSession }), name);
  }
});

/** Words of a line in which quotation marks and backslashes mean what they mean to a shell. */
function unshelled(line: string): readonly string[] {
  const words = line.trim().match(/(?:"(?:\\.|[^"\\])*"|\\.|[^\s"\\])+/g) ?? [];
  return words.map((word) => word.replace(/\\(.)|"/g, "$1"));
}

/** A folder that everybody may read, for as long as the test. */
class Folder implements Disposable {
  readonly path: string = mkdtempSync(join(tmpdir(), "pulpit-unit-"));

  constructor() {
    chmodSync(this.path, 0o755);
    if (process.getuid?.() === 0) chownSync(this.path, NOBODY, NOBODY);
  }

  write(name: string, content: string): string {
    const path = join(this.path, name);
    writeFileSync(path, content);
    return path;
  }

  program(name: string): string {
    const path = join(this.path, name);
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, "#!/bin/sh\n", { mode: 0o755 });
    return path;
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

function there(path: string): boolean {
  try {
    accessSync(path);
    return true;
  } catch {
    return false;
  }
}
