export { type DesktopEnvironment, linuxBackends, x11Answers, x11Suits } from "./backends.ts";
export { DesktopError, type DesktopErrorCode } from "./errors.ts";
export {
  type NotificationEnvironment,
  type NotificationTrouble,
  type NotifierOptions,
  openNotifySend,
} from "./notifications/notify-send.ts";
export { startVirtualDesktop, type VirtualDesktop, type VirtualDesktopOptions } from "./virtual-desktop.ts";
export { type OpenVideo, openX11Desktop, type X11Desktop } from "./x11/desktop.ts";
export { openX11Input } from "./x11/input.ts";
export { openX11Screen } from "./x11/screen.ts";
