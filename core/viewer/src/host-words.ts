import { LoginError } from "@pulpit/protocol";
import type { EndCode } from "./state.ts";

/** Characters of a text that are searched. */
const MAX_TEXT = 500;

/** Login errors of hosts that we have words of our own for (docs/protocol/session.md, sections 6.1 and 6.2). */
const REFUSALS: ReadonlyMap<string, EndCode> = new Map([
  [LoginError.addressBlocked, "address-blocked"],
  [LoginError.idBlocked, "id-blocked"],
  [LoginError.noFileTransfer, "kind-refused"],
  [LoginError.noCamera, "kind-refused"],
  [LoginError.noTerminal, "kind-refused"],
  [LoginError.noTunnel, "kind-refused"],
  [LoginError.notAllowed, "not-allowed"],
  ["The main window is not open", "window-closed"],
  [LoginError.offline, "other-id"],
  ["Someone turns on privacy mode, exit", "privacy-mode"],
  ["Wayland login screen is not supported", "no-x11"],
]);

/** Farewells of hosts (section 19.1). */
const FAREWELLS: ReadonlyMap<string, EndCode> = new Map([
  ["", "closed-by-host"],
  ["Closed manually by the peer", "closed-by-host"],
  ["Closed manually by web console", "closed-by-administrator"],
  ["Connection failed due to inactivity", "idle"],
  ["Connection not allowed", "not-allowed"],
]);

/** What a login error means; undefined for a text that nobody has heard of. */
export function refusalCode(text: string): EndCode | undefined {
  return REFUSALS.get(text) ?? (text.slice(0, MAX_TEXT).includes("x11 expected") ? "no-x11" : undefined);
}

/** What a farewell means. `connected`: it came after the login; before it, it is the answer of a person. */
export function farewellCode(text: string, connected: boolean): EndCode | undefined {
  const code = FAREWELLS.get(text);
  return code === "closed-by-host" && !connected ? "declined" : code;
}
