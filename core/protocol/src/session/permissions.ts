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

/** Places of permissions in the bits of a managed ID server (docs/protocol/rendezvous.md, section 3.3). */
const SERVER_PLACES: Readonly<Record<Permission, number>> = {
  keyboard: 0,
  clipboard: 2,
  file: 3,
  audio: 4,
  camera: 5,
  terminal: 6,
  tunnel: 7,
  restart: 8,
  recording: 9,
  "block-input": 10,
  "privacy-mode": 12,
};
/** Two bits of "denied"; "allowed" is not obeyed: a server may take from what the owner grants, never add to it. */
const DENIED = 1n;

/** What an ID server forbids in this session. `bits`: of its ControlPermissions. */
export function deniedByServer(bits: bigint): ReadonlySet<Permission> {
  return new Set(PERMISSIONS.filter((permission) => ((bits >> BigInt(2 * SERVER_PLACES[permission])) & 3n) === DENIED));
}
