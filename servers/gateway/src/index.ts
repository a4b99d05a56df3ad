export { GATEWAY_DEFAULTS, type GatewayConfig, type TlsFiles } from "./config.ts";
export { GatewayError, type GatewayErrorCode } from "./errors.ts";
export {
  type GatewayFigures,
  type MetricSources,
  metricsText,
  type ProcessFigures,
  type RelayFigures,
  type RendezvousFigures,
} from "./metrics.ts";
export { type OperationsConfig, type OperationsPort, startOperationsPort } from "./operations-port.ts";
export { processFigures } from "./process-figures.ts";
export type { Readiness } from "./readiness.ts";
export { type GatewayServer, startGateway } from "./server.ts";
export type { TlsReload } from "./tls-renewal.ts";
export type { Behind } from "./upgrades.ts";
