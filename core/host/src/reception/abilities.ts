import type { Permission } from "@pulpit/protocol";
import type { Desktop } from "../ports/desktop.ts";

/**
 * What this computer has something behind: a permission without is announced as refused, and the kind of session
 * that needs it is not offered. Recording is the viewer's own doing: it is only asked not to (session.md, section 12.1).
 */
export function abilitiesOf(desktop: Desktop): ReadonlySet<Permission> {
  const abilities = new Set<Permission>(["recording"]);
  if (desktop.input !== undefined) abilities.add("keyboard");
  return abilities;
}
