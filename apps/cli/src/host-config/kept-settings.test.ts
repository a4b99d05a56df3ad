import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { type HostRefusal, SETTING_NAMES, type SettingName } from "@pulpit/host-control";
import { ProfileError, type ProfileFolder } from "@pulpit/profile-node";
import { EXAMPLES } from "../../test/examples.ts";
import { profileOf } from "../../test/house.ts";
import { KeptSettings } from "./kept-settings.ts";
import { HOST_GROUPS, hostSetting } from "./settings.ts";

const pathIn = (profile: ProfileFolder): string => join(profile.path, "settings.json");
const written = (profile: ProfileFolder): unknown => JSON.parse(readFileSync(pathIn(profile), "utf8"));

function profileWith(t: TestContext, text: string): ProfileFolder {
  const profile = profileOf(t);
  writeFileSync(pathIn(profile), text);
  return profile;
}

function refusal(act: () => unknown): Pick<HostRefusal, "code" | "detail"> {
  try {
    act();
  } catch (error) {
    const { code, detail } = error as HostRefusal;
    return { code, detail };
  }
  assert.fail("it was not refused");
}

test("every setting takes a good value over a restart, refuses a bad one unchanged, and goes back to its default", (t) => {
  const profile = profileOf(t);
  for (const name of SETTING_NAMES) {
    const [good, bad] = EXAMPLES[name];
    const settings = new KeptSettings(profile);
    const otherwise = settings.text(name);
    assert.notEqual(otherwise, good, name);
    assert.equal(settings.set(name, ` ${good} `), name);
    const after = new KeptSettings(profile);
    assert.equal(after.text(name), good);
    assert.deepEqual(after.config, settings.config);
    assert.deepEqual(
      refusal(() => after.set(name, bad)),
      { code: "bad-value", detail: hostSetting(name).kind.wanted },
    );
    assert.equal(new KeptSettings(profile).text(name), good);
    after.set(name, "");
    assert.equal(new KeptSettings(profile).text(name), otherwise);
  }
  assert.deepEqual(written(profile), {});
});

test("the table, the groups and the contract have the same names", () => {
  const grouped = HOST_GROUPS.flatMap(({ members }) => members);
  assert.deepEqual([...grouped].sort(), [...SETTING_NAMES].sort());
});

test("names are taken as people write them, and nothing else", (t) => {
  const settings = new KeptSettings(profileOf(t));
  assert.equal(settings.set("ALLOW_Keyboard", "no"), "allow-keyboard");
  assert.equal(settings.config["allow-keyboard"], false);
  for (const name of ["", "wings", "__proto__", "constructor", "toString", `x${"y".repeat(1000)}`]) {
    const { code, detail } = refusal(() => settings.set(name, "yes"));
    assert.equal(code, "unknown-setting");
    assert.ok((detail ?? "").length <= 64);
  }
});

test("a setting that nobody knows does nothing, is named, and stays", (t) => {
  const file = { wings: "yes", "allow-file": "no" };
  const profile = profileWith(t, JSON.stringify(file));
  const settings = new KeptSettings(profile);
  assert.deepEqual(settings.ignored, ["wings"]);
  assert.equal(settings.config["allow-file"], false);
  settings.set("trust-days", "1");
  assert.deepEqual(written(profile), { ...file, "trust-days": "1" });
});

test("a known setting with a slip in it is an error that names it, never the default, which lets in more", (t) => {
  for (const file of [
    { "allowed-addresses": "192.0.2.0/33" },
    { approval: { deep: true } },
    { "accept-seconds": "9" },
    { "idle-minutes": 15 },
  ]) {
    const [name = ""] = Object.keys(file);
    const read = (): KeptSettings => new KeptSettings(profileWith(t, JSON.stringify(file)));
    assert.throws(read, (error: unknown) => {
      assert.ok(error instanceof ProfileError && error.code === "damaged");
      assert.ok(error.message.startsWith(`${name} in `), error.message);
      return true;
    });
  }
});

test("a file that is damaged is an error, never a host with the defaults", (t) => {
  for (const text of ["", "{", '{"approval":"cli', "\u0000\u0000"]) {
    assert.throws(() => new KeptSettings(profileWith(t, text)), { name: "ProfileError", code: "damaged" }, text);
  }
});

test("JSON that is no table of settings is an error as well", (t) => {
  for (const text of ["null", "[]", '["approval"]', "1", '"approval"', "true"]) {
    assert.throws(() => new KeptSettings(profileWith(t, text)), { name: "ProfileError", code: "damaged" }, text);
  }
});

test("what the command line says holds for this run alone, until it is set", (t) => {
  const profile = profileOf(t);
  new KeptSettings(profile).set("server", "old.example.org");
  const given = { server: "given.example.org", relay: "" } as const;
  const settings = new KeptSettings(profile, given);
  assert.equal(settings.text("server"), "given.example.org");
  settings.set("approval", "both");
  assert.deepEqual(written(profile), { server: "old.example.org", approval: "both" });
  settings.set("server", "new.example.org");
  assert.equal(settings.text("server"), "new.example.org");
  assert.equal(given.server, "given.example.org");
  const wrong: Partial<Record<SettingName, string>> = { relay: "no relay at all" };
  assert.equal(refusal(() => new KeptSettings(profile, wrong)).code, "bad-value");
});

test("what can't be kept on disk is refused, and what held before still holds", (t) => {
  const profile = profileOf(t);
  const settings = new KeptSettings(profile);
  settings.set("approval", "both");
  // Not even root writes a file over a folder.
  rmSync(pathIn(profile));
  mkdirSync(pathIn(profile));
  assert.equal(refusal(() => settings.set("approval", "click")).code, "storage");
  assert.equal(settings.config.approval, "both");
});

test("the credentials of a proxy are kept and never shown", (t) => {
  const profile = profileOf(t);
  const settings = new KeptSettings(profile);
  settings.set("proxy", "http://ada:s3cret@proxy.example.org:3128");
  assert.equal(settings.text("proxy"), "http://proxy.example.org:3128");
  assert.ok(!JSON.stringify(settings.all).includes("s3cret"));
  const { proxy } = new KeptSettings(profile).config;
  assert.deepEqual(proxy?.credentials(), { user: "ada", password: "s3cret" });
});
