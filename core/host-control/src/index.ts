export { type Answer, type Ask, type CommandHandlers, type CommandName, commandIn, MAX_PAGE } from "./commands.ts";
export type { HistoryEntry, HistoryEvent, JournalVerdict } from "./history.ts";
export { PAGE_CHANNEL_PATH, PageClose, type PageCommand, type PageMessage, type PageOpening } from "./page-channel.ts";
export { SHORTEST_PASSWORD, type Strength, strengthOf } from "./password-strength.ts";
export { HostRefusal, type RefusalCode } from "./refusal.ts";
export { SETTING_NAMES, type SettingName } from "./setting-names.ts";
export type {
  HostView,
  LoginWay,
  RequestView,
  ServiceView,
  SessionView,
  Trouble,
  TrustedDeviceView,
  ViewerView,
} from "./view.ts";
