export type { RelayConfig } from "./config.ts";
export { type RelayServer, startRelay } from "./server.ts";
