import { readFileSync, statSync } from "node:fs";
import { UsageError } from "../usage.ts";
import type { Entry } from "./entry.ts";

/** Largest configuration file, bytes. */
const MAX_FILE: number = 1024 * 1024;

/** `key = value` lines, the stock form: no sections, comments after # or ;, values as they stand or in quotes. */
export function readConfigFile(path: string): readonly Entry[] {
  const seen = new Map<string, number>();
  return contentOf(path, "--config")
    .split(/\r?\n/)
    .flatMap((line, i) => {
      const bare = line.trim();
      if (bare === "" || /^[#;]/.test(bare)) return [];
      const where = `${path}:${i + 1}`;
      const [, name, value = ""] = /^([\w-]+)\s*=\s*(.*)$/.exec(bare) ?? [];
      if (name === undefined) throw new UsageError(`${where} wants 'key = value', not '${clipped(bare)}'`);
      const first = seen.get(name);
      if (first !== undefined) throw new UsageError(`${where}: '${name}' stands in line ${first} already`);
      seen.set(name, i + 1);
      return [{ name, value: unquoted(value), where }];
    });
}

/** Text of a file of settings. `asked`: which option named it. */
export function contentOf(path: string, asked: string): string {
  try {
    if (statSync(path).size > MAX_FILE) throw new UsageError(`${asked}: ${path} is too large for a configuration`);
    return readFileSync(path, "utf8");
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    throw new UsageError(
      `${asked}: ${path} ${error.code === "ENOENT" ? "is not there" : `can't be read (${error.code})`}`,
    );
  }
}

function unquoted(value: string): string {
  return /^"[^"]*"$|^'[^']*'$/.test(value) ? value.slice(1, -1) : value;
}

/** Whatever was meant to be in a file, an error line stays a line. */
export function clipped(value: string): string {
  const plain = value.replace(/\p{C}/gu, "");
  return plain.length > 40 ? `${plain.slice(0, 40)}…` : plain;
}
