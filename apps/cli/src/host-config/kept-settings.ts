import { HostRefusal, SETTING_NAMES, type SettingName } from "@pulpit/host-control";
import { ProfileError, type ProfileFolder } from "@pulpit/profile-node";
import type { HostConfig } from "./host-config.ts";
import { hostSetting, settingNamed } from "./settings.ts";

const FILE = "settings.json";

/** The owner's settings in the profile: only what was decided is kept, as text. */
export class KeptSettings {
  readonly #folder: ProfileFolder;
  readonly #texts: Partial<Record<SettingName, string>> = {};
  readonly #given: Partial<Record<SettingName, string>>;
  /** What stands in the file and is no setting; it is kept and does nothing. */
  readonly ignored: readonly string[];
  #config: HostConfig;
  #rest: Readonly<Record<string, unknown>>;

  /** `given`: what the command line says; it holds for this run and is not kept. Throws HostRefusal for a bad one. */
  constructor(folder: ProfileFolder, given: Partial<Record<SettingName, string>> = {}) {
    this.#folder = folder;
    this.#given = { ...given };
    for (const [name, text] of Object.entries(given)) valueIn(name as SettingName, text);
    const file = folder.read(FILE);
    // Never taken for a file in which nothing was decided: that one lets in more.
    if (file !== undefined && !isTable(file)) throw folder.damaged(FILE);
    const rest: Record<string, unknown> = {};
    for (const [name, text] of Object.entries(file ?? {})) {
      const known = settingNamed(name);
      if (known === undefined) rest[name] = text;
      // A slip in a list of friends must not let everybody in.
      else if (typeof text !== "string" || !isValue(known, text)) throw misspelt(folder, known);
      else this.#texts[known] = text;
    }
    this.#rest = rest;
    this.ignored = Object.keys(rest);
    this.#config = this.#read();
  }

  get config(): HostConfig {
    return this.#config;
  }

  /** As `set` takes it; the default when nobody decided. */
  text(name: SettingName): string {
    return hostSetting(name).kind.show(this.#config[name]);
  }

  get all(): Readonly<Record<SettingName, string>> {
    return Object.fromEntries(SETTING_NAMES.map((name) => [name, this.text(name)])) as Record<SettingName, string>;
  }

  /** Decides one; an empty text takes the default back. @throws HostRefusal */
  set(name: string, text: string): SettingName {
    const known = settingNamed(name);
    if (known === undefined) throw new HostRefusal("unknown-setting", name.slice(0, 64));
    const value = text.trim();
    valueIn(known, value);
    const { [known]: _, ...others } = this.#texts;
    const texts = value === "" ? others : { ...others, [known]: value };
    try {
      this.#folder.write(FILE, { ...this.#rest, ...texts });
    } catch (error) {
      throw new HostRefusal("storage", undefined, { cause: error });
    }
    delete this.#given[known];
    delete this.#texts[known];
    Object.assign(this.#texts, texts);
    this.#config = this.#read();
    return known;
  }

  #read(): HostConfig {
    const texts = { ...this.#texts, ...this.#given };
    const values = SETTING_NAMES.map((name) => [name, valueIn(name, texts[name] ?? "")]);
    // Each was read by the kind that gives it its type.
    return Object.fromEntries(values) as HostConfig;
  }
}

function isTable(file: unknown): file is object {
  return typeof file === "object" && file !== null && !Array.isArray(file);
}

function misspelt(folder: ProfileFolder, name: SettingName): ProfileError {
  const { wanted } = hostSetting(name).kind;
  return new ProfileError("damaged", `${name} in ${folder.path}/${FILE} wants ${wanted}; correct it or take it out`);
}

function isValue(name: SettingName, text: string): boolean {
  return text === "" || hostSetting(name).kind.read(text, "/") !== undefined;
}

function valueIn(name: SettingName, text: string): unknown {
  const { kind, fallback } = hostSetting(name);
  if (text === "") return fallback;
  const value = kind.read(text, "/");
  if (value === undefined) throw new HostRefusal("bad-value", kind.wanted);
  return value;
}
