export { AppearanceChoice } from "./appearance-choice.tsx";
export { Fingerprint } from "./fingerprint.tsx";
export { groupHostId } from "./host-id.ts";
export { LanguageChoice } from "./language-choice.tsx";
export { LANGUAGES, type Language, type PageWords } from "./languages.ts";
export { Logo } from "./logo.tsx";
export { Notice } from "./notice.tsx";
export { startPage } from "./start-page.tsx";
