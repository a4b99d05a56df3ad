/** Why a pipe could not be opened or broke. */
export type LinkErrorCode =
  | "refused"
  | "unreachable"
  | "not-found"
  | "timed-out"
  | "reset"
  | "too-large"
  | "malformed"
  | "wrong-key"
  | "aborted"
  | "closed";

const RETRYABLE: ReadonlySet<LinkErrorCode> = new Set(["refused", "unreachable", "not-found", "timed-out", "reset"]);

/** What a transport reports; platform errors are turned into it at the edge and nowhere else. */
export class LinkError extends Error {
  override readonly name = "LinkError";
  readonly code: LinkErrorCode;

  constructor(code: LinkErrorCode, message: string = code, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }

  get retryable(): boolean {
    return RETRYABLE.has(this.code);
  }
}
