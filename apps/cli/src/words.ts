import { readFileSync } from "node:fs";

/** Languages of what a host says by itself; the command line speaks English. */
export type Language = "en" | "pl";

type Texts = Readonly<Record<string, string>>;
const loaded = new Map<Language, Texts>();

/** The sentence with that name; what stands in `{{…}}` is filled in. */
export function say(language: Language, name: string, values: Readonly<Record<string, string>> = {}): string {
  const text = texts(language)[name] ?? texts("en")[name] ?? name;
  return text.replace(/\{\{(\w+)\}\}/g, (_, key: string) => values[key] ?? "");
}

/** The language of a locale such as `pl_PL.UTF-8`, if it is one of ours. */
export function languageOf(locale: string): Language {
  return locale.startsWith("pl") ? "pl" : "en";
}

function texts(language: Language): Texts {
  const known = loaded.get(language);
  if (known !== undefined) return known;
  const read = JSON.parse(readFileSync(new URL(`./words/${language}.json`, import.meta.url), "utf8")) as Texts;
  loaded.set(language, read);
  return read;
}
