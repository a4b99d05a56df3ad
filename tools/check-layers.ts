// Compares manifests and import lines with the package graph and prints the reason for each violation.
import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { GRAPH, REASONS, RINGS } from "./package-graph.ts";

interface Package {
  readonly name: string;
  readonly folder: string;
  readonly ring: number;
  readonly dependencies: ReadonlySet<string>;
}

const SCOPE = "@pulpit/";
const packages = globSync("{core,platform,servers,apps,test}/*/package.json").map((file): Package => {
  const { name, dependencies = {} } = JSON.parse(readFileSync(file, "utf8")) as {
    name: string;
    dependencies?: Record<string, string>;
  };
  const folder = dirname(file);
  const ring = RINGS.indexOf(folder.split("/")[0] as (typeof RINGS)[number]);
  return { name: name.slice(SCOPE.length), folder, ring, dependencies: new Set(Object.keys(dependencies)) };
});
const byName = new Map(packages.map((item) => [item.name, item]));
const violations: string[] = [];
const violated = (where: string, what: string, reason: keyof typeof REASONS): void => {
  violations.push(`${where}: ${what}\n    ${REASONS[reason]}`);
};

function mayImport(from: Package, to: string): boolean {
  const allowed = GRAPH[from.name];
  return from.ring === RINGS.indexOf("test") || allowed?.includes("*") === true || allowed?.includes(to) === true;
}

for (const item of packages) {
  for (const dependency of item.dependencies) {
    if (!dependency.startsWith(SCOPE)) continue;
    const target = byName.get(dependency.slice(SCOPE.length));
    if (target === undefined || !mayImport(item, target.name))
      violated(`${item.folder}/package.json`, `depends on ${dependency}`, "graph");
    else if (target.ring > item.ring) violated(`${item.folder}/package.json`, `depends on ${dependency}`, "ring");
  }
  for (const file of globSync(`${item.folder}/src/**/*.{ts,tsx}`, { exclude: ["**/gen/**"] })) checkFile(item, file);
}

function checkFile(item: Package, file: string): void {
  const text = readFileSync(file, "utf8");
  const isTest = file.endsWith(".test.ts") || file.endsWith(".long.ts");
  for (const [, specifier = ""] of text.matchAll(/(?:from|import|import\()\s*"([^"]+)"/g)) {
    if (specifier.startsWith(".")) {
      const target = relative(process.cwd(), resolve(dirname(file), specifier));
      if (!target.startsWith(join(item.folder, ""))) violated(file, `imports ${specifier}`, "escape");
    } else if (specifier.startsWith(SCOPE) && !isTest) {
      const name = specifier.slice(SCOPE.length).split("/")[0] as string;
      if (!mayImport(item, name)) violated(file, `imports ${specifier}`, "graph");
      if (!item.dependencies.has(SCOPE + name)) violated(file, `imports ${specifier}`, "manifest");
    }
  }
  const world = /\b(Date\.now|new Date\(|Math\.random|performance\.now)/.exec(text);
  if (item.ring === 0 && !isTest && world !== null) violated(file, `uses ${world[1]}`, "world");
}

if (violations.length > 0) {
  console.error(violations.join("\n"));
  process.exit(1);
}
