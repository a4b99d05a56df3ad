export type GatewayErrorCode = "plain-http" | "tls-files" | "bad-setting";

/** The gateway can't start like this; the message is one line for its owner. */
export class GatewayError extends Error {
  readonly code: GatewayErrorCode;
  readonly retryable = false;

  constructor(code: GatewayErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
