/**
 * `not-running`: no server has the socket. `already-running`: one has. `refused`: the server said no, and why.
 * `bad-question`: it does not know the question. `broken`: the connection or the server failed. `path`: the socket
 * can't be where it should.
 */
export type AdminErrorCode = "not-running" | "already-running" | "refused" | "bad-question" | "broken" | "path";

export class AdminError extends Error {
  override readonly name = "AdminError";
  readonly code: AdminErrorCode;

  constructor(code: AdminErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  /** Whether the same question may be answered a moment later. */
  get retryable(): boolean {
    return this.code === "broken";
  }
}
