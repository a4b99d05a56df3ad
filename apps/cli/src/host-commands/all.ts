import type { HostCommand } from "./host-command.ts";
import { changeId, trusted } from "./identity.ts";
import { importStock } from "./import.ts";
import { log } from "./log.ts";
import { panel } from "./panel.ts";
import { password, secondFactor } from "./secrets.ts";
import { get, set } from "./settings.ts";
import { answer, end, permit, start, stop } from "./sharing.ts";
import { status } from "./status.ts";

/** What can be asked of this computer's host, running or not. */
export const HOST_COMMANDS: readonly HostCommand[] = [
  status,
  panel,
  start,
  stop,
  set,
  get,
  password,
  secondFactor,
  trusted,
  answer,
  permit,
  end,
  changeId,
  log,
  importStock,
];
