/** Longest name that is shown, characters. */
const MAX_SHOWN = 64;
/** Characters that are not seen and turn the text around them, or hide in it. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]/gu;

/** What somebody says of themselves, fit to be shown on one line. It stays what it is: unchecked. */
export function plainText(text: string): string {
  const plain = text.replace(UNSEEN, "").replace(/\s+/gu, " ").trim();
  const letters = [...plain];
  return letters.length <= MAX_SHOWN ? plain : `${letters.slice(0, MAX_SHOWN - 1).join("")}…`;
}

/** The same inside a sentence: isolated, so that its direction of writing does not reach our words. */
export function inSentence(text: string): string {
  return `\u2068${plainText(text)}\u2069`;
}
