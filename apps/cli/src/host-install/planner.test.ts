import assert from "node:assert/strict";
import { test } from "node:test";
import { UsageError } from "../usage.ts";
import { planInstall, plannerFor, planUninstall } from "./planner.ts";
import { type InstallWish, MARKER, type PlannedFile } from "./service-plan.ts";
import { windowsWord } from "./windows-task.ts";

const wish: InstallWish = {
  kind: "user",
  command: ["/opt/node", "/opt/main.ts", "host", "--server", "<a> & 'b'"],
  inSession: undefined,
  home: "/home/alice",
  user: "alice",
  uid: 501,
  env: {},
};

const fileOf = (platform: NodeJS.Platform, changes: Partial<InstallWish> = {}): PlannedFile => {
  const { files } = planInstall(platform, { ...wish, ...changes });
  assert.equal(files.length, 1);
  return files[0] as PlannedFile;
};

test("every file says whose it is, and uninstalling looks where installing wrote", () => {
  for (const [platform, kind] of [
    ["linux", "user"],
    ["linux", "system"],
    ["darwin", "user"],
    ["win32", "user"],
  ] as const) {
    const file = fileOf(platform, { kind });
    assert.ok(file.content.includes(MARKER));
    const { files } = planUninstall(platform, { ...wish, kind });
    assert.deepEqual(files, [{ path: file.path, encoding: file.encoding }]);
  }
});

test("Linux: a person's unit is where their service manager looks", () => {
  assert.equal(fileOf("linux").path, "/home/alice/.config/systemd/user/pulpit-host.service");
  const elsewhere = fileOf("linux", { env: { XDG_CONFIG_HOME: "/conf" } });
  assert.equal(elsewhere.path, "/conf/systemd/user/pulpit-host.service");
  assert.equal(fileOf("linux", { env: { XDG_CONFIG_HOME: "relative" } }).path, fileOf("linux").path);
  assert.equal(fileOf("linux", { kind: "system" }).path, "/etc/systemd/system/pulpit-host.service");
  const { commands } = planInstall("linux", wish);
  assert.ok(commands.every(({ argv }) => argv[0] === "systemctl" && argv[1] === "--user"));
  assert.ok(planInstall("linux", { ...wish, kind: "system" }).commands.every(({ argv }) => !argv.includes("--user")));
  const { links } = planUninstall("linux", wish);
  const wants = "/home/alice/.config/systemd/user/default.target.wants/pulpit-host.service";
  assert.deepEqual(links, [{ path: wants, to: fileOf("linux").path }]);
});

test("macOS: an agent in the person's session, with its words as text", () => {
  const { path, content } = fileOf("darwin", { env: { PULPIT_HOME: "/a&b" } });
  assert.equal(path, "/home/alice/Library/LaunchAgents/pulpit.host.plist");
  assert.match(content, /<string>&lt;a&gt; &amp; 'b'<\/string>/);
  assert.match(content, /<key>PULPIT_HOME<\/key>\n {4}<string>\/a&amp;b<\/string>/);
  const { commands, notes } = planInstall("darwin", wish);
  assert.deepEqual(commands[1]?.argv, ["launchctl", "bootstrap", "gui/501", path]);
  assert.match(notes.join(), /Untested/);
});

test("Windows: a task at logon without more rights, with its words as text", () => {
  const { path, content, encoding } = fileOf("win32", {
    env: { LOCALAPPDATA: "C:\\Users\\alice\\AppData\\Local" },
    command: ["C:\\Program Files\\node.exe", "C:\\Program Files\\main.ts", "host", "a&b"],
    user: "PC\\alice",
  });
  assert.equal(path, "C:\\Users\\alice\\AppData\\Local\\Pulpit\\pulpit-host-task.xml");
  assert.equal(encoding, "utf16le");
  assert.equal(content[0], "\ufeff");
  assert.match(content, /<Command>C:\\Program Files\\node.exe<\/Command>/);
  assert.match(content, /<Arguments>"C:\\Program Files\\main.ts" host a&amp;b<\/Arguments>/);
  assert.match(content, /<UserId>PC\\alice<\/UserId>/);
  assert.match(content, /<RunLevel>LeastPrivilege<\/RunLevel>/);
  assert.match(planInstall("win32", wish).notes.join(), /Untested/);
});

test("Windows takes arguments apart as they were put together", () => {
  assert.equal(windowsWord("plain"), "plain");
  assert.equal(windowsWord(""), '""');
  assert.equal(windowsWord("a b\\"), '"a b\\\\"');
  assert.equal(windowsWord('say \\"hi"'), '"say \\\\\\"hi\\""');
  assert.equal(windowsWord("C:\\a\\b"), "C:\\a\\b");
});

test("line breaks and control characters get into no file", () => {
  for (const platform of ["linux", "darwin", "win32"] as const) {
    for (const word of ["a\nb", "a\0", "\x1b[0m"]) {
      assert.throws(() => planInstall(platform, { ...wish, command: ["/opt/node", word] }), UsageError);
    }
  }
});

test("what can't be is said", () => {
  for (const platform of ["darwin", "win32"] as const) {
    assert.throws(() => planInstall(platform, { ...wish, kind: "system" }), UsageError);
  }
  assert.throws(() => plannerFor("freebsd"), UsageError);
});
