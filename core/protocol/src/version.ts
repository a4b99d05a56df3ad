/**
 * A version text as a number that can be compared: `1.4.9` is 1004090. What is no number counts as 0.
 * Source: docs/protocol/session.md, section 20.1.
 */
export function versionNumber(text: string): number {
  const [main = "", build = ""] = text.slice(0, MAX_TEXT).split("-");
  const parts = main.split(".").map(numberIn);
  const last = parts.at(-1) ?? 0;
  return parts.reduce((sum, part) => sum * 1000 + part, 0) + 9 * last + numberIn(build);
}

/** Versions are short; what is longer was made by somebody else. */
const MAX_TEXT = 32;

function numberIn(text: string): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : 0;
}
