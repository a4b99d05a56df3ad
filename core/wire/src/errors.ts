/** Why bytes could not be turned into a message. */
export type WireErrorCode = "truncated" | "too-large" | "malformed";

/** The only error that decoders of this package throw, whatever the input. Never worth a retry. */
export class WireError extends Error {
  override readonly name = "WireError";
  readonly code: WireErrorCode;
  readonly retryable = false;

  constructor(code: WireErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
