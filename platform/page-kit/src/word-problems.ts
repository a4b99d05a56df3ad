/** A word file: texts under keys, nested. */
export interface WordTree {
  readonly [key: string]: string | WordTree;
}

/** Texts by their whole key, such as `home.title`. */
export function flatWords(tree: WordTree, path = ""): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(tree).flatMap(([key, value]) =>
      typeof value === "string" ? [[path + key, value] as const] : [...flatWords(value, `${path}${key}.`)],
    ),
  );
}

/** The key without its plural form: other languages have other forms. */
export function stemOf(key: string): string {
  return key.replace(/_(zero|one|two|few|many|other)$/, "");
}

/** What is wrong with word files, measured against English: missing and left-over keys, empty texts, other blanks. */
export function wordProblems(languages: Readonly<Record<string, WordTree>> & { readonly en: WordTree }): string[] {
  const english = flatWords(languages.en);
  const wanted = new Set([...english.keys()].map(stemOf));
  return Object.entries(languages).flatMap(([language, tree]) => {
    const own = flatWords(tree);
    const stems = new Set([...own.keys()].map(stemOf));
    return [
      ...[...wanted].filter((key) => !stems.has(key)).map((key) => `${language} lacks ${key}`),
      ...[...stems].filter((key) => !wanted.has(key)).map((key) => `${language} has ${key} left over`),
      ...[...own].flatMap(([key, text]) => textProblems(`${language} ${key}`, text, english.get(key))),
      ...missingForms(language, own),
    ];
  });
}

/** Keys that sources ask for, as `t("key")`, and that are nowhere in these words. */
export function unknownKeys(sources: readonly string[], tree: WordTree): string[] {
  const stems = new Set([...flatWords(tree).keys()].map(stemOf));
  return keysAskedFor(sources).filter((key) => !stems.has(key));
}

export function keysAskedFor(sources: readonly string[]): string[] {
  return sources.flatMap((source) => [...source.matchAll(/\bt\(\s*"([\w.-]+)"/g)].map(([, key = ""]) => key));
}

function textProblems(where: string, text: string, model: string | undefined): string[] {
  if (text.trim() === "") return [`${where} is empty`];
  return model === undefined || blanks(text) === blanks(model) ? [] : [`${where} has other blanks than English`];
}

/** A key with one plural form has to have all that its language knows. */
function missingForms(language: string, own: ReadonlyMap<string, string>): string[] {
  const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
  const plural = new Set([...own.keys()].filter((key) => stemOf(key) !== key).map(stemOf));
  return [...plural].flatMap((key) =>
    forms.filter((form) => !own.has(`${key}_${form}`)).map((form) => `${language} lacks ${key}_${form}`),
  );
}

function blanks(text: string): string {
  return (text.match(/\{\{\w+\}\}/g) ?? []).toSorted().join(" ");
}
