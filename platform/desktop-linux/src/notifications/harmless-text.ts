/** Longest title, characters; servers show less. */
const MAX_TITLE = 100;
/** Longest body, characters and lines. */
const MAX_BODY = 500;
const MAX_LINES = 8;
/** Longest label of a button, characters. */
const MAX_LABEL = 40;

/**
 * What changes how other text reads without being seen: marks, embeddings, overrides and isolates of direction,
 * separators of lines and annotations, tags.
 */
const UNSEEN = /[\u061c\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;
const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };
const LOOKALIKES: Readonly<Record<string, string>> = { "&": "\uff06", "<": "\u2039", ">": "\u203a" };

/**
 * A title: plain text by the Desktop Notifications Specification, so entities would be shown as they stand. Signs of
 * markup become others that look like them, for servers that read markup in it nevertheless.
 */
export function titleText(text: string): string {
  return cut(oneLine(text), MAX_TITLE).replace(/[&<>]/g, (sign) => LOOKALIKES[sign] as string);
}

/** A body, which is markup by the same specification: what it says is shown as it was written. */
export function bodyText(text: string): string {
  // notify-send turns \074 into "<" after everybody has escaped what there was: no backslash may reach it.
  const lines = text.slice(0, MAX_BODY * 4).split(/\r\n|\r|\n/);
  const kept = lines.map(oneLine).filter((line) => line !== "");
  const whole = cut(kept.slice(0, MAX_LINES).join("\n"), MAX_BODY);
  return whole.replaceAll("\\", "\u2216").replace(/[&<>]/g, (sign) => ENTITIES[sign] as string);
}

/** The label of a button. */
export function labelText(text: string): string {
  return cut(oneLine(text), MAX_LABEL);
}

function oneLine(text: string): string {
  // Bounded first: what follows looks at each character. Four times, since most of it may go.
  const short = text.slice(0, MAX_BODY * 4).toWellFormed();
  return short
    .replace(UNSEEN, "")
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim();
}

/** At most that many characters, none of them in halves. */
function cut(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join("")}\u2026`;
}
