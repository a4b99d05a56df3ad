// npm run generate: docs/limits.md from the constants in the code. With --check: fails when it would change.
import { globSync, readFileSync, writeFileSync } from "node:fs";

const OUT = "docs/limits.md";
/** A bound by its name: what may grow to how much, or how long something may take. */
const BOUND =
  /^(MAX|MIN|LIMIT|KEEP|PER|TOTAL|FORGIVEN)_?|_(LIMIT|WITHIN|AFTER|EVERY|QUEUE|TIME|TIMEOUT|BUDGET|ROUNDS)$|^(PATIENCE|HEARTBEAT|BURST|EVERY|WITHIN|HURRY|SMALL|BETWEEN)$/;
/** A constant with the comment above it, which says unit and reason (STYLE.md, rule 14). */
const CONSTANT =
  /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*(?:export )?const ([A-Z][A-Z0-9_]*)(?::[^=\n]*)? = ([^;\n]+);|^(?:export )?const ([A-Z][A-Z0-9_]*)(?::[^=\n]*)? = ([^;\n]+);/gm;

interface Bound {
  readonly name: string;
  readonly value: string;
  readonly why: string;
}

function boundsOf(file: string): Bound[] {
  return [...readFileSync(file, "utf8").matchAll(CONSTANT)].flatMap(([, comment, named, valued, bare, plain]) => {
    const name = named ?? bare ?? "";
    const value = valued ?? plain ?? "";
    if (!BOUND.test(name) || !/^[\d\s_*+/().a-zA-Z]+$/.test(value) || !/\d|[A-Z]{3}/.test(value)) return [];
    const why = sentence(comment ?? "");
    return why === "" ? [] : [{ name, value: value.trim(), why }];
  });
}

function sentence(comment: string): string {
  return comment
    .split("\n")
    .map((line) => line.replace(/^\s*\*? ?/, "").trim())
    .join(" ")
    .replaceAll("|", "\\|")
    .trim();
}

const files = globSync("{core,platform,servers,apps}/*/src/**/*.ts", {
  exclude: ["**/*.test.ts", "**/gen/**"],
}).sort();
const rows = files.flatMap((file) =>
  boundsOf(file).map(({ name, value, why }) => `| \`${name}\` | ${value} | ${why} | ${file} |`),
);
const text = `# Limits

Every bound that keeps a hostile or broken peer from growing something without end, and every pace and patience, as the
code has them. Made by \`npm run generate\` from the constants and the comments above them; do not edit it.

| constant | value | what and why | where |
| --- | --- | --- | --- |
${rows.join("\n")}
`;
if (!process.argv.includes("--check")) writeFileSync(OUT, text);
else if (readFileSync(OUT, "utf8") !== text) {
  console.error(`${OUT} is not what the constants say: npm run generate`);
  process.exit(1);
}
