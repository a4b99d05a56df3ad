import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import en from "./words/en.json";
import pl from "./words/pl.json";

/** Languages of the web client, in their own words. */
export const LANGUAGES: Readonly<Record<string, string>> = { en: "English", pl: "Polski" };
const KEY = "pulpit.language";

/** The language chosen here before, else the browser's first one that we have. */
export async function startWords(storage: Storage, preferred: readonly string[]): Promise<void> {
  const chosen = [storage.getItem(KEY), ...preferred].map((tag) => tag?.split("-")[0] ?? "");
  await i18next.use(initReactI18next).init({
    lng: chosen.find((tag) => tag in LANGUAGES) ?? "en",
    fallbackLng: "en",
    resources: { en: { translation: en }, pl: { translation: pl } },
    interpolation: { escapeValue: false },
  });
  document.documentElement.lang = i18next.language;
}

export async function chooseLanguage(storage: Storage, language: string): Promise<void> {
  storage.setItem(KEY, language);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}
