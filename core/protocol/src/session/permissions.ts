import { PermissionInfo_Permission } from "@pulpit/wire";

/** Everything a host may grant. Only grants exist; absence is denial. Source: docs/protocol/session.md, section 12.1. */
export const PERMISSIONS = [
  "keyboard",
  "clipboard",
  "audio",
  "file",
  "restart",
  "recording",
  "block-input",
  "privacy-mode",
  "camera",
  "terminal",
  "tunnel",
] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** Those that PermissionInfo can announce, in the order stock hosts announce refusals. */
const ANNOUNCED: ReadonlyMap<Permission, PermissionInfo_Permission> = new Map([
  ["keyboard", PermissionInfo_Permission.KEYBOARD],
  ["clipboard", PermissionInfo_Permission.CLIPBOARD],
  ["audio", PermissionInfo_Permission.AUDIO],
  ["file", PermissionInfo_Permission.FILE],
  ["restart", PermissionInfo_Permission.RESTART],
  ["recording", PermissionInfo_Permission.RECORDING],
  ["block-input", PermissionInfo_Permission.BLOCK_INPUT],
  ["privacy-mode", PermissionInfo_Permission.PRIVACY_MODE],
]);

/** Permissions a viewer starts with, until the host says otherwise: all that can be announced. */
export const ANNOUNCEABLE: readonly Permission[] = [...ANNOUNCED.keys()];

export function permissionToWire(permission: Permission): PermissionInfo_Permission | undefined {
  return ANNOUNCED.get(permission);
}

/** Undefined for a number this version does not know. */
export function permissionFromWire(number: PermissionInfo_Permission): Permission | undefined {
  for (const [permission, wire] of ANNOUNCED) if (wire === number) return permission;
  return undefined;
}
