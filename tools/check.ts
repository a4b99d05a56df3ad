// npm run check: types, lint and format, layers, file length, unused code, generated code.
import { execFile } from "node:child_process";
import { globSync } from "node:fs";
import { promisify } from "node:util";

const run = promisify(execFile);
const bin = (name: string): string => `node_modules/.bin/${name}`;

/** Runs one check; gives its output when it fails. */
async function check(name: string, command: string, args: readonly string[]): Promise<string | undefined> {
  try {
    await run(command, [...args], { maxBuffer: 64 * 1024 * 1024 });
    console.log(`✔ ${name}`);
    return undefined;
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    console.error(`✖ ${name}\n${stdout}${stderr}`);
    return name;
  }
}

const failures: (string | undefined)[] = [];
const packages = globSync("{core,platform,servers,apps,test}/*/tsconfig.json").sort();
// Two at a time: the compiler is quick, and memory is not endless.
for (let i = 0; i < packages.length; i += 2) {
  failures.push(
    ...(await Promise.all(
      packages
        .slice(i, i + 2)
        .map((config) => check(`types ${config.replace("/tsconfig.json", "")}`, bin("tsc"), ["-p", config])),
    )),
  );
}
failures.push(await check("types of tests and tools", bin("tsc"), ["-p", "tsconfig.test.json"]));
failures.push(await check("types of benchmarks", bin("tsc"), ["-p", "bench/tsconfig.json"]));
failures.push(await check("lint and format", bin("biome"), ["ci", "--colors=off", "--max-diagnostics=50", "."]));
failures.push(await check("layers", process.execPath, ["tools/check-layers.ts"]));
failures.push(await check("file length", process.execPath, ["tools/check-file-length.ts"]));
failures.push(await check("limits", process.execPath, ["tools/generate-limits.ts", "--check"]));
failures.push(await check("configuration", process.execPath, ["tools/generate-configuration.ts", "--check"]));
// What a fresh clone does: it stops when package.json and the lock file differ.
failures.push(await check("lock file", "npm", ["ci", "--dry-run", "--offline", "--loglevel=error"]));
failures.push(await check("unused code", bin("knip"), ["--no-progress"]));

const bad = failures.filter((name) => name !== undefined);
if (bad.length > 0) {
  console.error(`\n${bad.length} checks failed: ${bad.join(", ")}`);
  process.exit(1);
}
