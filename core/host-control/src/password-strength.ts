/** Shortest permanent password that is taken, characters. */
export const SHORTEST_PASSWORD = 8;

export type Strength = "too-short" | "weak" | "fair" | "strong";

/** Guesses an attacker needs on average, as a power of two, from which on a password counts as fair or strong. */
const FAIR = 40;
const STRONG = 60;
/** What a word, name, year or pattern adds: it is guessed whole. */
const PATTERN_BITS = 8;

const WALKS = [
  "abcdefghijklmnopqrstuvwxyz",
  "0123456789",
  "qwertyuiop",
  "asdfghjkl",
  "zxcvbnm",
  "qwertzuiop",
  "yxcvbnm",
];
const WORDS =
  /passwor[dt]|passw0rd|p@ssw[o0]rd|haslo|hasło|qwerty|qazwsx|admin|root|login|welcome|letmein|iloveyou|monkey|dragon|master|secret|sekret|pulpit|rustdesk|computer|komputer|polska|warszawa|kocham|misiek|marcin|michal|agnieszka|kasia|summer|winter|lato|zima|(19|20)\d\d|1q2w3e(4r)?(5t)?|test/giu;

/** A careful guess from length, kinds of characters and common patterns; it knows no dictionary. */
export function strengthOf(password: string): Strength {
  if ([...password].length < SHORTEST_PASSWORD) return "too-short";
  const bits = bitsOf(password);
  return bits < FAIR ? "weak" : bits < STRONG ? "fair" : "strong";
}

function bitsOf(password: string): number {
  const { left, patterns } = withoutPatterns(password);
  const each = Math.log2(alphabetOf(password));
  // Characters that repeat add little, however many there are.
  const letters = [...left];
  const different = new Set(letters).size;
  const counted = Math.min(letters.length, different * 2);
  return counted * each + patterns * PATTERN_BITS;
}

/** Takes out what is guessed whole: words, runs of one character, steps along the alphabet or the keyboard. */
function withoutPatterns(password: string): { readonly left: string; readonly patterns: number } {
  let patterns = 0;
  const taken = (): string => {
    patterns += 1;
    return "";
  };
  const left = password.replace(WORDS, taken).replace(/(.)\1{2,}/gu, taken);
  return { left: withoutWalks(left, taken), patterns };
}

function withoutWalks(text: string, taken: () => string): string {
  const letters = [...text];
  let left = "";
  for (let at = 0; at < letters.length; ) {
    const length = walkAt(letters, at);
    if (length >= 3) left += taken();
    else left += letters[at];
    at += length >= 3 ? length : 1;
  }
  return left;
}

function walkAt(letters: readonly string[], at: number): number {
  let longest = 1;
  for (const walk of WALKS.flatMap((line) => [line, [...line].reverse().join("")])) {
    const from = walk.indexOf(letters[at]?.toLowerCase() ?? "");
    if (from < 0) continue;
    let length = 1;
    while (from + length < walk.length && walk[from + length] === letters[at + length]?.toLowerCase()) length += 1;
    longest = Math.max(longest, length);
  }
  return longest;
}

function alphabetOf(password: string): number {
  const kinds: readonly (readonly [RegExp, number])[] = [
    [/[a-z]/, 26],
    [/[A-Z]/, 26],
    [/[0-9]/, 10],
    [/[ -/:-@[-`{-~]/, 33],
    [/[^ -~]/u, 60],
  ];
  return kinds.reduce((size, [kind, more]) => (kind.test(password) ? size + more : size), 1);
}
