import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { profile } from "../test/profile.ts";
import { attemptsIn } from "./attempts-file.ts";

const forbidden = (error: Error): never => {
  throw error;
};

test("failures are known after a restart", (t) => {
  const folder = profile(t);
  assert.equal(attemptsIn(folder, forbidden).load(), undefined);
  attemptsIn(folder, forbidden).save({ "192.0.2.1": 3 });
  assert.deepEqual(attemptsIn(folder, forbidden).load(), { "192.0.2.1": 3 });
});

test("a damaged file starts empty, is reported, and is replaced by the next", (t) => {
  const folder = profile(t);
  const faults: Error[] = [];
  const file = attemptsIn(folder, (error) => faults.push(error));
  for (const content of ["{", " ".repeat(4 * 1024 * 1024 + 1)]) {
    writeFileSync(join(folder.path, "attempts.json"), content);
    assert.equal(file.load(), undefined);
  }
  assert.equal(faults.length, 2);
  file.save([1]);
  assert.deepEqual(file.load(), [1]);
});

test("what can't be kept is reported and stops nobody", (t) => {
  const folder = profile(t);
  const faults: Error[] = [];
  const file = attemptsIn(folder, (error) => faults.push(error));
  file.save("x".repeat(4 * 1024 * 1024));
  mkdirSync(join(folder.path, "attempts.json"));
  file.save([]);
  assert.equal(faults.length, 2);
  rmSync(join(folder.path, "attempts.json"), { recursive: true });
  assert.equal(file.load(), undefined);
});
