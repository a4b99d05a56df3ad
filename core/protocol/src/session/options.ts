import { type OptionMessage, OptionMessage_BoolOption } from "@pulpit/wire";
import type { Scope, Standing } from "./gate.ts";
import type { Permission } from "./permissions.ts";

/** The switches inside one option message; protobuf's own members left out. */
export type OptionField = Exclude<keyof OptionMessage, `$${string}`>;

interface OptionRule {
  readonly scopes: readonly Scope[];
  /** All of them. */
  readonly needs?: readonly Permission[];
}

const pictures: readonly Scope[] = ["desktop", "camera"];
const desktop: readonly Scope[] = ["desktop"];

/** One option message carries many switches; each has its own rule (docs/protocol/session.md, sections 8 and 12.3). */
export const optionRules: Readonly<Record<OptionField, OptionRule>> = {
  imageQuality: { scopes: pictures },
  customImageQuality: { scopes: pictures },
  customFps: { scopes: pictures },
  supportedDecoding: { scopes: pictures },
  disableAudio: { scopes: pictures },
  disableCamera: { scopes: [] },
  disableClipboard: { scopes: desktop },
  disableKeyboard: { scopes: desktop },
  showRemoteCursor: { scopes: desktop },
  showMyCursor: { scopes: desktop },
  followRemoteCursor: { scopes: desktop },
  followRemoteWindow: { scopes: desktop },
  enableFileTransfer: { scopes: desktop, needs: ["file"] },
  lockAfterSessionEnd: { scopes: desktop, needs: ["keyboard"] },
  blockInput: { scopes: desktop, needs: ["block-input", "keyboard"] },
  privacyMode: { scopes: desktop, needs: ["privacy-mode"] },
  terminalPersistent: { scopes: ["terminal"], needs: ["terminal"] },
};

/** Whether the viewer may set this switch. */
export function maySet(field: OptionField, viewer: Standing): boolean {
  const rule = optionRules[field];
  if (viewer.scope === undefined || !rule.scopes.includes(viewer.scope)) return false;
  return rule.needs?.every((permission) => viewer.granted.has(permission)) ?? true;
}

/** A three-state switch as a change: undefined leaves things as they are; unknown values too. */
export function switched(option: OptionMessage_BoolOption): boolean | undefined {
  if (option === OptionMessage_BoolOption.YES) return true;
  return option === OptionMessage_BoolOption.NO ? false : undefined;
}
