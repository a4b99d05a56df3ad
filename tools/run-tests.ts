// Runs the tests: "unit" (beside the code), "system" (test/), "all", or "long" (*.long.ts).
import { globSync } from "node:fs";
import { run } from "node:test";
import { spec } from "node:test/reporters";

const FOLDERS = ["core", "platform", "servers", "apps", "tools"];
/**
 * Files at a time: the tests start X servers and browsers, and two cores are what a build machine has. Long ones, which
 * measure, have the machine for themselves.
 */
const CONCURRENCY = 2;
/** One file may take this long, ms. */
const FILE_TIMEOUT = 180_000;

const mode = process.argv[2] ?? "all";
const unit = globSync(
  FOLDERS.map((folder) => `${folder}/**/*.test.ts`),
  { exclude: ["**/node_modules/**"] },
);
const system = globSync("test/**/*.test.ts", { exclude: ["**/node_modules/**"] });
const long = globSync("**/*.long.ts", { exclude: ["**/node_modules/**"] });
const files = { unit, system, long, all: [...unit, ...system] }[mode];
if (files === undefined || files.length === 0) {
  console.error(`There are no tests of the kind '${mode}'`);
  process.exit(1);
}

let failed = false;
let skipped = 0;
const stream = run({
  files: files.sort(),
  concurrency: mode === "long" ? 1 : CONCURRENCY,
  timeout: mode === "long" ? 3_600_000 : FILE_TIMEOUT,
});
stream.on("test:fail", () => {
  failed = true;
});
stream.on("test:pass", ({ skip }) => {
  if (skip !== undefined) skipped += 1;
});
stream.on("test:summary", ({ file, counts }) => {
  if (file !== undefined) return;
  if (counts.tests === 0) failed = true;
  // On the build machine everything is there: a test that did not run is a test that failed.
  if (process.env.CI !== undefined && skipped > 0) {
    console.error(`${skipped} tests were skipped, which is not allowed here`);
    failed = true;
  }
  process.exitCode = failed ? 1 : 0;
});
stream.compose(new spec()).pipe(process.stdout);
