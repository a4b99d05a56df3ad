import { PERMISSIONS, type Permission } from "@pulpit/protocol";
import { yesOrNo } from "../settings/kinds.ts";
import type { Setting, Settings } from "../settings/setting.ts";
import type { HostConfig } from "./host-config.ts";

const MEANING: Readonly<Record<Permission, string>> = {
  keyboard: "use mouse and keyboard",
  clipboard: "share the clipboard",
  audio: "hear the sound of this computer",
  file: "read and write files",
  restart: "restart this computer",
  recording: "record the session (a viewer is asked not to; nobody can enforce it)",
  "block-input": "lock out mouse and keyboard here",
  "privacy-mode": "darken the screen here",
  camera: "see the camera",
  terminal: "use a terminal",
  tunnel: "reach other computers through this one",
};

/** What a session may do, when nobody decides otherwise while it runs. As in stock hosts, all of it. */
export const PERMISSION_SETTINGS: Settings<Pick<HostConfig, `allow-${Permission}`>> = Object.fromEntries(
  PERMISSIONS.map((permission): [string, Setting<boolean>] => [
    `allow-${permission}`,
    { kind: yesOrNo, fallback: true, about: `Whether a viewer may ${MEANING[permission]}.` },
  ]),
) as unknown as Settings<Pick<HostConfig, `allow-${Permission}`>>;
