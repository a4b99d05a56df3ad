export type { GatewayConfig } from "./config.ts";
export { type GatewayServer, startGateway } from "./server.ts";
