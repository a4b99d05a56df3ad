export { ask, isRunning } from "./client.ts";
export { MAX_PAGE } from "./config.ts";
export type { Desk } from "./desk.ts";
export { AdminError, type AdminErrorCode } from "./errors.ts";
export type {
  Answer,
  Ask,
  DeviceAnswer,
  Handlers,
  ImportAnswer,
  KeysAnswer,
  PairAnswer,
  QuestionName,
  RelayList,
  SettingAnswer,
  StatusAnswer,
  WishAnswer,
} from "./questions.ts";
export { serverDesk } from "./questions.ts";
export { startAdmin } from "./server.ts";
