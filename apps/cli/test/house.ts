import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { SettingName } from "@pulpit/host-control";
import { silentLog } from "@pulpit/link-node";
import { ProfileFolder } from "@pulpit/profile-node";
import { KeptSettings } from "../src/host-config/kept-settings.ts";
import { type House, openHouse } from "../src/host-service/house.ts";

/** A profile of one test, removed with it. */
export function profileOf(t: TestContext): ProfileFolder {
  const folder = mkdtempSync(join(tmpdir(), "pulpit-cli-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return new ProfileFolder(join(folder, "profile"));
}

/** A host's house on a profile of its own. */
export function houseOf(t: TestContext, given: Partial<Record<SettingName, string>> = {}): House {
  const profile = profileOf(t);
  const house = openHouse(profile, new KeptSettings(profile, given), silentLog);
  t.after(() => house[Symbol.dispose]());
  return house;
}
