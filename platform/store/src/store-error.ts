/**
 * `busy`: somebody else holds the database. `full`: no room on the disk. `read-only`: it may not be written.
 * `damaged`: it is no database any more. `io`: the disk said no.
 */
export type StoreErrorCode = "busy" | "full" | "read-only" | "damaged" | "io" | "later-version" | "failed";

/** The database did not do what was asked; nothing of it was kept. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  /** Whether the same may work a moment later, with nothing done about it. */
  get retryable(): boolean {
    return this.code === "busy";
  }
}

/** SQLite's primary result codes (https://www.sqlite.org/rescode.html); the rest is in the upper bits. */
const CODES: Readonly<Partial<Record<number, StoreErrorCode>>> = {
  5: "busy",
  6: "busy",
  8: "read-only",
  10: "io",
  11: "damaged",
  13: "full",
  14: "io",
  26: "damaged",
};

/** Runs a piece of work on a database; what node:sqlite throws comes out as StoreError. */
export function translated<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Error && "errcode" in error && typeof error.errcode === "number")) throw error;
    throw new StoreError(CODES[error.errcode & 255] ?? "failed", error.message, { cause: error });
  }
}
