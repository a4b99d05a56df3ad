import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { carryOut, carryOutUninstall } from "./carry-out.ts";
import { type InstallPlan, MARKER, type PlannedCommand, type UninstallPlan } from "./service-plan.ts";

const careful = { force: false };

test("files are written, then the commands run, in their order", async () => {
  using place = new Place();
  assert.deepEqual(await carryOut(place.plan(), careful), { type: "done", changed: true });
  assert.equal(readFileSync(place.unit, "utf8"), place.content);
  assert.equal(statSync(place.unit).mode & 0o777, 0o644);
  assert.deepEqual(place.journal(), ["reload", "restart"]);
});

test("the second time nothing is restarted, and a changed file is taken up", async () => {
  using place = new Place();
  await carryOut(place.plan(), careful);
  assert.deepEqual(await carryOut(place.plan(), careful), { type: "done", changed: false });
  assert.deepEqual(place.journal(), ["reload", "restart", "reload", "start"]);
  assert.deepEqual(await carryOut(place.plan("more\n"), careful), { type: "done", changed: true });
  assert.equal(readFileSync(place.unit, "utf8"), `${place.content}more\n`);
  assert.equal(place.journal().at(-1), "restart");
});

test("what somebody else wrote stays, unless it is to be replaced", async () => {
  using place = new Place();
  await carryOut(place.plan(), careful);
  writeFileSync(place.unit, "[Service]\n");
  assert.deepEqual(await carryOut(place.plan(), careful), { type: "foreign", path: place.unit });
  assert.deepEqual(await carryOutUninstall(place.removal()), { type: "foreign", path: place.unit });
  assert.equal(readFileSync(place.unit, "utf8"), "[Service]\n");
  assert.deepEqual(place.journal(), ["reload", "restart"]);
  assert.deepEqual(await carryOut(place.plan(), { force: true }), { type: "done", changed: true });
  assert.equal(readFileSync(place.unit, "utf8"), place.content);
});

test("a link is somebody else's, and what it leads to is never written", async () => {
  using place = new Place();
  const elsewhere = join(place.folder, "elsewhere");
  writeFileSync(elsewhere, place.content);
  symlinkSync(elsewhere, place.unitIn());
  assert.equal((await carryOut(place.plan("more"), careful)).type, "foreign");
  await carryOut(place.plan("more"), { force: true });
  assert.equal(readFileSync(elsewhere, "utf8"), place.content);
  assert.equal(readFileSync(place.unit, "utf8"), `${place.content}more`);
});

test("without a service manager the files are there and the commands are named", async () => {
  using place = new Place();
  const plan = { ...place.plan(), managerAt: "/nonexistent" };
  assert.deepEqual(await carryOut(plan, careful), { type: "by-hand", commands: [place.say("reload"), place.restart] });
  assert.ok(existsSync(place.unit));
  assert.deepEqual(await carryOutUninstall({ ...place.removal(), managerAt: "/nonexistent" }), {
    type: "done",
    changed: true,
  });
  assert.ok(!existsSync(place.unit));
  assert.deepEqual(place.journal(), []);
});

test("a command that fails is named with those after it, unless it may fail", async () => {
  using place = new Place();
  const failing: PlannedCommand = { argv: ["sh", "-c", "echo no bus >&2; echo more >&2; exit 3"] };
  const absent: PlannedCommand = { argv: ["/nonexistent/systemctl"] };
  const commands = [
    { ...failing, optional: true },
    { ...absent, optional: true },
    place.say("a"),
    failing,
    place.say("b"),
  ];
  const outcome = await carryOut({ ...place.plan(), commands }, careful);
  assert.deepEqual(outcome, { type: "failed", why: "no bus", commands: commands.slice(3) });
  assert.deepEqual(place.journal(), ["a"]);
  const other = await carryOut({ ...place.plan(), commands: [absent] }, careful);
  assert.ok(other.type === "failed" && other.why === "/nonexistent/systemctl can't be run");
});

test("uninstalling stops, removes and tells, and the second time there is nothing", async () => {
  using place = new Place();
  await carryOut(place.plan(), careful);
  const foreign = join(place.folder, "foreign-link");
  symlinkSync("/elsewhere", foreign);
  const ours = join(place.folder, "our-link");
  symlinkSync(place.unit, ours);
  const links = [foreign, ours, join(place.folder, "no-link"), join(place.folder, "journal")];
  const removal = { ...place.removal(), links: links.map((path) => ({ path, to: place.unit })) };
  assert.deepEqual(await carryOutUninstall(removal), { type: "done", changed: true });
  assert.ok(!existsSync(place.unit));
  assert.ok(!existsSync(ours));
  assert.deepEqual(place.journal(), ["reload", "restart", "stop", "reload"]);
  assert.throws(() => symlinkSync("/elsewhere", foreign), { code: "EEXIST" });
  assert.deepEqual(await carryOutUninstall(removal), { type: "nothing" });
});

test("a service that can't be stopped keeps its file", async () => {
  using place = new Place();
  await carryOut(place.plan(), careful);
  const before = [{ argv: ["false"] }] as const;
  assert.equal((await carryOutUninstall({ ...place.removal(), before })).type, "failed");
  assert.ok(existsSync(place.unit));
});

/** A folder to install into, whose commands leave a line in a file. */
class Place implements Disposable {
  readonly folder: string = mkdtempSync(join(tmpdir(), "pulpit-install-"));
  readonly unit: string = join(this.folder, "units", "x.service");
  readonly content: string = `# ${MARKER}\n`;
  readonly restart: PlannedCommand = { ...this.say("restart"), when: "changed" };

  constructor() {
    writeFileSync(join(this.folder, "journal"), "");
  }

  say(word: string): PlannedCommand {
    return { argv: ["sh", "-c", 'echo "$1" >> "$2"', "sh", word, join(this.folder, "journal")] };
  }

  plan(more = ""): InstallPlan {
    return {
      files: [{ path: this.unit, content: `${this.content}${more}`, encoding: "utf8" }],
      commands: [this.say("reload"), this.restart, { ...this.say("start"), when: "unchanged" }],
      managerAt: this.folder,
      notes: [],
    };
  }

  removal(): UninstallPlan {
    return {
      before: [this.say("stop")],
      files: [{ path: this.unit, encoding: "utf8" }],
      links: [],
      after: [this.say("reload")],
      managerAt: this.folder,
    };
  }

  /** The path of the unit, in a folder that is there. */
  unitIn(): string {
    mkdirSync(join(this.folder, "units"));
    return this.unit;
  }

  journal(): readonly string[] {
    const lines = readFileSync(join(this.folder, "journal"), "utf8").split("\n");
    return lines.filter((line) => line !== "");
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
