export { type Bandwidth, RELAY_DEFAULTS, type RelayConfig } from "./config.ts";
export type { DataPathType } from "./data-path.ts";
export type { PairUsage } from "./pair-table.ts";
export type { RelayRefusal } from "./reception.ts";
export { type RelayServer, type RelayStats, startRelay } from "./server.ts";
