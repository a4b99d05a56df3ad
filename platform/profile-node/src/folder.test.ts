import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { profile } from "../test/profile.ts";
import { ProfileFolder } from "./folder.ts";

const canGiveAway = process.getuid?.() === 0;

test("a file is replaced as a whole and nothing is left beside it", (t) => {
  const folder = profile(t);
  folder.write("a.json", { a: 1 });
  folder.write("a.json", { a: 2 });
  assert.deepEqual(folder.read("a.json"), { a: 2 });
  assert.deepEqual(readdirSync(folder.path), ["a.json"]);
});

test("what cannot be written leaves the old content and no half file", (t) => {
  const folder = profile(t);
  mkdirSync(join(folder.path, "a.json"));
  assert.throws(() => folder.write("a.json", 1), { code: "not-a-file" });
  const circle: unknown[] = [];
  circle.push(circle);
  folder.write("b.json", 1);
  assert.throws(() => folder.write("b.json", circle), TypeError);
  assert.equal(folder.read("b.json"), 1);
  assert.deepEqual(readdirSync(folder.path), ["a.json", "b.json"]);
});

test("a file that is there is not made again", (t) => {
  const folder = profile(t);
  assert.equal(folder.create("a.json", 1), true);
  assert.equal(folder.create("a.json", 2), false);
  assert.equal(folder.read("a.json"), 1);
  assert.deepEqual(readdirSync(folder.path), ["a.json"]);
});

test("what a crash of the same process number left does not stop a write", (t) => {
  const folder = profile(t);
  writeFileSync(join(folder.path, `a.json.${process.pid}.new`), "half");
  folder.write("a.json", 1);
  assert.deepEqual(readdirSync(folder.path), ["a.json"]);
});

test("files and folders that others could read are closed to them", (t) => {
  const { path } = profile(t);
  writeFileSync(join(path, "a.json"), "1");
  chmodSync(join(path, "a.json"), 0o644);
  chmodSync(path, 0o755);
  assert.equal(new ProfileFolder(path).read("a.json"), 1);
  assert.equal(statSync(path).mode & 0o777, 0o700);
  assert.equal(statSync(join(path, "a.json")).mode & 0o777, 0o600);
});

test("a link in place of a file is neither read nor replaced", (t) => {
  const folder = profile(t);
  folder.write("secret", "theirs");
  symlinkSync(join(folder.path, "secret"), join(folder.path, "a.json"));
  assert.throws(() => folder.read("a.json"), { code: "not-a-file" });
  assert.throws(() => folder.write("a.json", 1), { code: "not-a-file" });
  assert.equal(folder.read("secret"), "theirs");
});

test("a pipe in place of a file is an error, not a wait without end", (t) => {
  const folder = profile(t);
  execFileSync("mkfifo", [join(folder.path, "a.json")]);
  assert.throws(() => folder.read("a.json"), { code: "not-a-file" });
});

test("a profile that is a link is not used", (t) => {
  const { path } = profile(t);
  symlinkSync(path, `${path}-link`);
  assert.throws(() => new ProfileFolder(`${path}-link`), { code: "not-a-file" });
});

test("what belongs to another user is not used", { skip: !canGiveAway }, (t) => {
  const folder = profile(t);
  folder.write("a.json", 1);
  chownSync(join(folder.path, "a.json"), 12345, 12345);
  assert.throws(() => folder.read("a.json"), { code: "not-yours" });
  assert.throws(() => folder.write("a.json", 2), { code: "not-yours" });
  assert.equal(readFileSync(join(folder.path, "a.json"), "utf8"), "1\n");
  chownSync(folder.path, 12345, 12345);
  assert.throws(() => new ProfileFolder(folder.path), { code: "not-yours" });
});

test("what is larger than allowed is not read, and a damaged file is not quoted", (t) => {
  const folder = profile(t);
  writeFileSync(join(folder.path, "a.json"), '"hunter2" and more');
  assert.throws(() => folder.read("a.json", 10), { code: "too-large" });
  assert.throws(
    () => folder.read("a.json"),
    (error: Error) => /damaged/.test(error.message) && !/hunter2/.test(`${error.message}${error.cause}`),
  );
});
