/**
 * Whether an ID fits a pattern of an owner's list: capitals don't count, `*` is any run, `?` one character, and the
 * part before an `@server` counts as well. Source: docs/protocol/session.md, section 11.2.
 */
export function idFits(id: string, pattern: string): boolean {
  const wanted = pattern.trim().toLowerCase();
  const whole = id.toLowerCase();
  return wildcard(whole, wanted) || wildcard(whole.split("@")[0] as string, wanted);
}

/** Two pointers instead of a regular expression: a pattern of many stars stays cheap. */
function wildcard(text: string, pattern: string): boolean {
  let at = 0;
  let wanted = 0;
  let star = -1;
  let resume = 0;
  while (at < text.length) {
    if (wanted < pattern.length && pattern[wanted] !== "*" && fits(text[at], pattern[wanted])) {
      at += 1;
      wanted += 1;
    } else if (pattern[wanted] === "*") {
      star = wanted;
      wanted += 1;
      resume = at;
    } else if (star >= 0) {
      resume += 1;
      at = resume;
      wanted = star + 1;
    } else return false;
  }
  while (pattern[wanted] === "*") wanted += 1;
  return wanted === pattern.length;
}

function fits(character: string | undefined, wanted: string | undefined): boolean {
  return wanted === "?" || character === wanted;
}
