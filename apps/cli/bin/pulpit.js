#!/usr/bin/env node
// Runs under whatever Node started it; hands over to Pulpit's own Node 24 when that one is too old.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const NEEDED = 24;
const here = dirname(fileURLToPath(import.meta.url));
const main = join(here, "..", "src", "main.ts");

if (Number.parseInt(process.versions.node, 10) >= NEEDED) await import(main);
else {
  const name = process.platform === "win32" ? "node.exe" : "node";
  const own = [
    join(here, "..", "..", "..", "node_modules", ".bin", name),
    join(here, "..", "node_modules", ".bin", name),
  ].find((path) => existsSync(path));
  if (own === undefined) {
    console.error(`Pulpit needs Node ${NEEDED} and did not find its own. Run: npm install`);
    process.exit(1);
  }
  const child = spawn(own, [main, ...process.argv.slice(2)], { stdio: "inherit" });
  // Whoever stops this process means the one behind it.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code) => process.exit(code ?? 1));
}
