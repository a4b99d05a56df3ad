/**
 * IDs that a host can have, in ASCII: numbers, names somebody chose, names of computers
 * (docs/protocol/wire.md, section 9.5). Servers take none below six characters.
 */
const ID = /^[A-Za-z0-9_][A-Za-z0-9_-]{5,62}$/;
/** Digits in groups, as people write and read them out. */
const GROUPED = /^\d+(?:[ -]+\d+)*$/;

/** The ID as it goes to the server; undefined when it can't be one. */
export function canonicalId(text: string): string | undefined {
  const id = GROUPED.test(text) ? text.replaceAll(/[ -]/g, "") : text;
  return ID.test(id) ? id : undefined;
}

/** An ID for human eyes: numbers in groups of three from the left, anything else as it is. */
export function spacedId(id: string): string {
  return /^\d+$/.test(id) ? id.replaceAll(/\d{3}(?=\d)/g, "$& ") : id;
}
