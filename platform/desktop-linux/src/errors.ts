export type DesktopErrorCode = "no-display" | "unsupported" | "lost" | "missing-program";

/** The desktop can't be reached, or is gone. */
export class DesktopError extends Error {
  override readonly name = "DesktopError";
  readonly code: DesktopErrorCode;
  readonly retryable = false;

  constructor(code: DesktopErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
