import { groupHostId } from "@pulpit/page-kit/host-id";

export { groupHostId };

/** IDs as they may be entered: 6 characters and more, none that could mean something else (docs/protocol/wire.md, section 9.5). */
const VALID = /^[\p{L}\p{N}_.-]{6,253}$/u;

/** An ID as typed or pasted, without the spaces people put in; undefined when it can't be one. */
export function parseHostId(text: string): string | undefined {
  const id = text.replace(/\s+/gu, "");
  return VALID.test(id) ? id : undefined;
}

/** In groups that stay on one line, for running text. */
export function hostIdInText(id: string): string {
  return groupHostId(id).replaceAll(" ", "\u00a0");
}
