import type { Permission } from "@pulpit/protocol";

/** Every permission, in groups the way people think of them. */
export const PERMISSION_GROUPS: Readonly<Record<"desktop" | "control" | "more", readonly Permission[]>> = {
  desktop: ["keyboard", "clipboard", "audio", "recording"],
  control: ["restart", "block-input", "privacy-mode"],
  more: ["file", "camera", "terminal", "tunnel"],
};

export const ALL_PERMISSIONS: readonly Permission[] = Object.values(PERMISSION_GROUPS).flat();
