/** What a peer did wrong. */
export type ProtocolErrorCode =
  | "unexpected-message"
  | "malformed"
  | "bad-signature"
  | "decryption-failed"
  | "too-large"
  | "timeout";

/** A peer broke the protocol. Thrown where it is seen, caught once by the session, which then closes. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
  readonly code: ProtocolErrorCode;
  readonly retryable = false;

  constructor(code: ProtocolErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
