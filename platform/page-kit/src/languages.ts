import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import en from "./words/en.json";
import pl from "./words/pl.json";

/** Languages of Pulpit's pages, in their own words. */
export const LANGUAGES = { en: "English", pl: "Polski" } as const;
export type Language = keyof typeof LANGUAGES;
/** A page's words by language: whatever its word files hold. */
export type PageWords = Readonly<Record<Language, object>>;

/** i18next namespace of the words that the kit brings along. */
export const KIT_WORDS = "kit";
const KEY = "pulpit.language";

/** The language chosen here before, else the first of `preferred` (tags such as `pl-PL`) that we have. */
export async function startWords(words: PageWords, storage: Storage, preferred: readonly string[]): Promise<void> {
  const chosen = [storage.getItem(KEY), ...preferred].map((tag) => tag?.split("-")[0] ?? "");
  await i18next.use(initReactI18next).init({
    lng: chosen.find((tag) => Object.hasOwn(LANGUAGES, tag)) ?? "en",
    fallbackLng: "en",
    resources: {
      en: { translation: { ...words.en }, [KIT_WORDS]: en },
      pl: { translation: { ...words.pl }, [KIT_WORDS]: pl },
    },
    // React escapes already.
    interpolation: { escapeValue: false },
  });
  document.documentElement.lang = i18next.language;
}

export async function chooseLanguage(storage: Storage, language: string): Promise<void> {
  storage.setItem(KEY, language);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}
