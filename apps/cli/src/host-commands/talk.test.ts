import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startAdmin } from "@pulpit/admin";
import { SETTING_NAMES } from "@pulpit/host-control";
import { silentLog } from "@pulpit/link-node";
import { EXAMPLES } from "../../test/examples.ts";
import { houseOf, profileOf } from "../../test/house.ts";
import type { Env } from "../env.ts";
import { hostDesk } from "../host-service/desk.ts";
import { hostHandlers } from "../host-service/handlers.ts";
import { lockProfile } from "../host-service/profile-lock.ts";
import { hostSocket } from "../host-service/socket.ts";
import { FailedError, UsageError } from "../usage.ts";
import { HOST_COMMANDS } from "./all.ts";
import { talk } from "./talk.ts";

const envOf = (home: string): Env => ({
  ...{ display: undefined, home, webRoot: "", panelRoot: "", locale: "", variables: {}, dotenv: "" },
});

/** Runs `pulpit host …` in this process and gives what it prints. */
async function said(
  t: TestContext,
  home: string,
  line: string,
): Promise<{ readonly code: number; readonly out: string }> {
  const [name, ...args] = line.split(" ");
  const command = HOST_COMMANDS.find((known) => known.name === name);
  assert.ok(command !== undefined, name);
  let out = "";
  const real = process.stdout.write.bind(process.stdout);
  // The runner's own reports are bytes.
  const write = t.mock.method(process.stdout, "write", (chunk: string | Uint8Array) => {
    if (typeof chunk !== "string") return real(chunk);
    out += chunk;
    return true;
  });
  try {
    return { code: await talk(command, args, envOf(home)), out };
  } finally {
    write.mock.restore();
  }
}

/** A host that runs, as far as commands can tell. */
async function running(t: TestContext): Promise<{ readonly home: string; readonly stops: () => PromiseLike<void> }> {
  const house = houseOf(t);
  const sharing = { view: { state: "ready", server: "" } as const, apply: async () => undefined };
  const handlers = hostHandlers(house, sharing, { name: ":0", virtual: false, abilities: new Set() });
  const desk = hostDesk(handlers, { "panel.link": () => "http://127.0.0.1:1/#t" });
  const admin = await startAdmin(hostSocket(house.profile.path), desk, { log: silentLog });
  t.after(() => admin[Symbol.asyncDispose]());
  return { home: house.profile.path, stops: () => admin[Symbol.asyncDispose]() };
}

for (const state of ["runs", "does not run"] as const) {
  test(`every setting can be set, shown and taken back while the host ${state}, and a bad value is told so`, async (t) => {
    const home = state === "runs" ? (await running(t)).home : profileOf(t).path;
    const before = JSON.parse((await said(t, home, "set --json")).out);
    for (const name of SETTING_NAMES) {
      const [good, bad] = EXAMPLES[name];
      assert.deepEqual(await said(t, home, `set ${name} ${good}`), { code: 0, out: `${name} is set\n` });
      assert.deepEqual(await said(t, home, `get ${name}`), { code: 0, out: `${good}\n` });
      const refused = said(t, home, `set ${name} ${bad.replaceAll(" ", "\u00a0")}`);
      await assert.rejects(refused, (error) => error instanceof FailedError && /^It wants /.test(error.message), name);
    }
    assert.equal(
      Object.keys(JSON.parse(readFileSync(join(home, "settings.json"), "utf8"))).length,
      SETTING_NAMES.length,
    );
    for (const name of SETTING_NAMES) assert.equal((await said(t, home, `set ${name} `)).code, 0);
    assert.deepEqual(JSON.parse((await said(t, home, "set --json")).out), before);
  });
}

test("what makes no sense on the command line is a mistake of usage, before anybody is asked", async (t) => {
  const home = profileOf(t).path;
  for (const line of [
    "set wings yes",
    "set approval",
    "set approval both more",
    "get",
    "get wings",
    "get approval more",
    "set --wings",
    "status more",
    "password secret",
    "second-factor",
    "second-factor maybe",
    "trusted forget",
    "answer r1",
    "answer r1 maybe",
    "permit s1 keyboard",
    "permit s1 keyboard maybe",
    "end",
    "id",
    "id one two",
    "log whole",
    "import one two",
    "start now",
    "stop now",
    "panel now",
  ]) {
    await assert.rejects(said(t, home, line), UsageError, line);
  }
});

test("what needs a host that runs says so, or finds nobody there", async (t) => {
  const home = profileOf(t).path;
  for (const [line, words] of [
    ["panel --print", /does not run here/],
    ["answer r1 yes", /not there any more/],
    ["end s1", /not there any more/],
    ["permit s1 keyboard no", /not there any more/],
    ["trusted forget 0011", /not there any more/],
    ["id my-computer", /ID server does not answer/],
  ] as const) {
    await assert.rejects(
      said(t, home, line),
      (error) => error instanceof FailedError && words.test(error.message),
      line,
    );
  }
  const status = await said(t, home, "status");
  assert.equal(status.code, 1);
  assert.match(status.out, /Pulpit does not run; 'pulpit host' starts it/);
  assert.match(status.out, /At its address +off\n/);
});

test("stop holds over a restart, and start takes it back, whether the host runs or not", async (t) => {
  const { home, stops } = await running(t);
  assert.equal((await said(t, home, "stop")).code, 0);
  await stops();
  assert.equal((await said(t, home, "get sharing")).out, "no\n");
  assert.match((await said(t, home, "start")).out, /^It will be shared once 'pulpit host' runs/);
  assert.equal((await said(t, home, "get sharing")).out, "yes\n");
});

test("a profile that is damaged is told in a sentence, and stays as it is", async (t) => {
  for (const file of ["settings.json", "host.json", "secrets.json"]) {
    const home = profileOf(t).path;
    await said(t, home, "get approval");
    writeFileSync(join(home, file), "{");
    await assert.rejects(said(t, home, "set approval both"), (error) => {
      assert.ok(error instanceof FailedError, file);
      return error.message.includes(file) && /is damaged/.test(error.message);
    });
    assert.equal(readFileSync(join(home, file), "utf8"), "{");
  }
});

test("names of strangers in the log do not steer the terminal", async (t) => {
  const house = houseOf(t);
  const viewer = { id: "x\u001b[2J", name: "\u202eeve\u0007\r\n", platform: "\u009b31m", address: "" };
  house.journal.append({ type: "asked", viewer, scope: "desktop" });
  const { out } = await said(t, house.profile.path, "log");
  assert.equal(out.trim().split("\n").length, 1);
  assert.doesNotMatch(out.trim(), /\p{C}/u);
});

test("commands at the same time wait for each other: nothing is lost, and the log stays whole", async (t) => {
  const home = profileOf(t).path;
  await said(t, home, "get approval");
  // In processes of their own: in one, they would share more than people's commands do.
  const main = fileURLToPath(new URL("../main.ts", import.meta.url));
  const env = { ...process.env, PULPIT_HOME: home };
  const wishes = ["approval both", "trust-days 1", "idle-minutes 3", "allow-file no"];
  await Promise.all(
    wishes.map((wish) => promisify(execFile)(process.execPath, [main, "host", "set", ...wish.split(" ")], { env })),
  );
  const kept = JSON.parse(readFileSync(join(home, "settings.json"), "utf8"));
  assert.deepEqual(kept, { approval: "both", "trust-days": "1", "idle-minutes": "3", "allow-file": "no" });
  assert.equal((await said(t, home, "log verify")).out, `The log is whole: ${wishes.length} entries\n`);
});

test("a profile that another program has for long is left alone by an import", async (t) => {
  if (!existsSync("/etc/machine-id")) return t.skip("no /etc/machine-id");
  const profile = profileOf(t);
  const file = join(profile.path, "RustDesk.toml");
  writeFileSync(file, 'id = "123456789"\n');
  {
    using lock = lockProfile(profile);
    assert.ok(lock !== undefined);
    await assert.rejects(said(t, profile.path, `import ${file}`), FailedError);
  }
  assert.equal((await said(t, profile.path, `import ${file}`)).code, 0);
});
