/** What the gateway is told. */
export interface GatewayConfig {
  /** HTTP port. 0 takes a free one. */
  readonly port: number;
  /** Local address; loopback unless the owner says otherwise: plain HTTP is for this machine alone. */
  readonly host: string;
  /** Folder of the built web client. */
  readonly webRoot: string;
  /** Public key of the ID server, base64; handed to the web client. */
  readonly serverKey: string;
}

/** WebSockets open through the gateway at a time. */
export const MAX_WEBSOCKETS = 5_000;
