/** IDs as they may be entered: 6 characters and more, none that could mean something else (docs/protocol/wire.md, section 9.5). */
const VALID = /^[\p{L}\p{N}_.-]{6,253}$/u;

/** An ID as typed or pasted, without the spaces people put in; undefined when it can't be one. */
export function parseHostId(text: string): string | undefined {
  const id = text.replace(/\s+/gu, "");
  return VALID.test(id) ? id : undefined;
}

/** Digits in groups of three, the way they are read out. Anything else stays as it is. */
export function groupHostId(id: string): string {
  const bare = id.replace(/\s+/gu, "");
  return /^\d+$/.test(bare) ? bare.replace(/(?<=\d)(?=(\d{3})+$)/g, " ") : id;
}
