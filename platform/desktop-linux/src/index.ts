export { DesktopError, type DesktopErrorCode } from "./errors.ts";
export { startVirtualDesktop, type VirtualDesktop } from "./virtual-desktop.ts";
export { openX11Desktop, x11Answers } from "./x11/desktop.ts";
export { openX11Input } from "./x11/input.ts";
export { openX11Screen } from "./x11/screen.ts";
