import { blocklist } from "./blocklist.ts";
import { devices } from "./devices.ts";
import { importStock } from "./import.ts";
import { config, keys, usage } from "./keys-usage-config.ts";
import type { ServerCommand } from "./server-command.ts";
import { status } from "./status.ts";

/** What can be asked of a running server, or done to its data. */
export const SERVER_COMMANDS: readonly ServerCommand[] = [status, devices, blocklist, keys, usage, config, importStock];
