import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parseEnv } from "node:util";
import { UsageError } from "../usage.ts";
import { clipped, contentOf, readConfigFile } from "./config-file.ts";
import { checkTogether } from "./consistency.ts";
import type { Entry } from "./entry.ts";
import { flagEntries } from "./flags.ts";
import type { ServerConfig } from "./server-config.ts";
import { BY_FILE_NAME, BY_VARIABLE, MEMBERS, sameName, settingOf, WITHOUT_MEANING } from "./settings.ts";

/** The configuration, and how it came about. */
export interface EffectiveConfig {
  readonly config: ServerConfig;
  /** Where each value stands; "default" where nobody decided. */
  readonly origins: Readonly<Record<keyof ServerConfig, string>>;
  /** What was set and does nothing. */
  readonly warnings: readonly string[];
}

type Entries = ReadonlyMap<keyof ServerConfig, Entry & { readonly folder: string }>;

/**
 * Flags before the file of --config, before `.env` in the working directory, before the environment, as in stock
 * servers. Throws UsageError that names the place.
 */
export function readServerConfig(from: {
  readonly flags: Readonly<Record<string, unknown>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Working directory. */
  readonly folder: string;
  /** Path of a file of variables, which need not be there. */
  readonly dotenv: string | undefined;
}): EffectiveConfig {
  const warnings: string[] = [];
  const { folder, dotenv } = from;
  const flags: Entries = new Map([...flagEntries(from.flags)].map(([member, entry]) => [member, { ...entry, folder }]));
  const sources: readonly Entries[] = [
    flags,
    typeof from.flags.config === "string" ? fileEntries(resolve(folder, from.flags.config), warnings) : new Map(),
    dotenv !== undefined && existsSync(dotenv)
      ? variableEntries(parseEnv(contentOf(dotenv, ".env")), (name) => `${name} in ${dotenv}`, folder, warnings)
      : new Map(),
    variableEntries(from.environment, (name) => `variable ${name}`, folder, warnings),
  ];
  const config: Record<string, unknown> = {};
  const origins: Record<string, string> = {};
  for (const member of MEMBERS) {
    const entry = sources.find((source) => source.has(member))?.get(member);
    const { fallback } = settingOf(member);
    config[member] = entry === undefined ? fallback : valueFrom(member, entry);
    origins[member] = entry?.where ?? "default";
  }
  // Each member of the tables was filled in by its own kind above.
  const effective = {
    config: config as unknown as ServerConfig,
    origins: origins as EffectiveConfig["origins"],
    warnings,
  };
  checkTogether(effective);
  return effective;
}

function valueFrom(member: keyof ServerConfig, entry: Entry & { readonly folder: string }): unknown {
  const { kind, secret, fallback } = settingOf(member);
  // An empty text takes a default back, where it has no meaning of its own; so does the default's own word.
  if ((entry.value === "" && member !== "key") || entry.value === kind.show(fallback)) return fallback;
  const value = kind.read(entry.value, entry.folder);
  if (value !== undefined) return value;
  throw new UsageError(`${entry.where} wants ${kind.wanted}${secret ? "" : `, not '${clipped(entry.value)}'`}`);
}

function fileEntries(path: string, warnings: string[]): Entries {
  const entries = new Map<keyof ServerConfig, Entry & { readonly folder: string }>();
  for (const entry of readConfigFile(path)) {
    const name = sameName(entry.name);
    const member = BY_FILE_NAME.get(name);
    if (member === undefined) {
      if (WITHOUT_MEANING[name] === undefined)
        throw new UsageError(
          `${entry.where}: there is no setting '${clipped(entry.name)}'; docs/configuration.md lists them`,
        );
      warnings.push(`${entry.where}: '${entry.name}' does nothing here: ${WITHOUT_MEANING[name]}`);
      continue;
    }
    const other = entries.get(member);
    if (other !== undefined) throw new UsageError(`${entry.where}: '${entry.name}' is set at ${other.where} already`);
    entries.set(member, { ...entry, folder: dirname(path) });
  }
  return entries;
}

function variableEntries(
  variables: Readonly<Record<string, string | undefined>>,
  where: (name: string) => string,
  folder: string,
  warnings: string[],
): Entries {
  const entries = new Map<keyof ServerConfig, Entry & { readonly folder: string }>();
  for (const [name, member] of BY_VARIABLE) {
    const value = variables[name];
    if (value !== undefined) entries.set(member, { name, value, where: where(name), folder });
  }
  for (const [name, instead] of Object.entries(WITHOUT_MEANING)) {
    const variable = name.replaceAll("-", "_").toUpperCase();
    if (variables[variable] !== undefined) warnings.push(`${where(variable)} does nothing here: ${instead}`);
  }
  return entries;
}
