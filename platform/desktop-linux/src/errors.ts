/**
 * - `no-display`: nothing answers under this name, or it lets nobody in.
 * - `unsupported`: the display lacks something that is needed (an extension, a pixel format).
 * - `refused`: the display refused one request.
 * - `lost`: the display or the monitor was there and is gone.
 * - `missing-program`: something has to be installed first.
 */
export type DesktopErrorCode = "no-display" | "unsupported" | "refused" | "lost" | "missing-program";

/** The desktop can't be reached, or is gone. */
export class DesktopError extends Error {
  override readonly name = "DesktopError";
  readonly code: DesktopErrorCode;
  /** Trying the same again helps no one; a new connection may. */
  readonly retryable = false;

  constructor(code: DesktopErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
