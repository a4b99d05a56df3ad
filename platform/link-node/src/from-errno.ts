import { LinkError, type LinkErrorCode } from "@pulpit/link";

const CODES: Readonly<Record<string, LinkErrorCode>> = {
  ECONNREFUSED: "refused",
  ECONNRESET: "reset",
  EPIPE: "reset",
  ECONNABORTED: "reset",
  ERR_STREAM_PREMATURE_CLOSE: "reset",
  ERR_STREAM_WRITE_AFTER_END: "closed",
  ERR_STREAM_DESTROYED: "closed",
  ETIMEDOUT: "timed-out",
  EHOSTUNREACH: "unreachable",
  ENETUNREACH: "unreachable",
  EADDRNOTAVAIL: "unreachable",
  ENOTFOUND: "not-found",
  EAI_AGAIN: "not-found",
  ABORT_ERR: "aborted",
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: "too-large",
};

/** The platform's error in the words of links; the only place that reads errno codes. */
export function linkError(error: unknown): LinkError {
  if (error instanceof LinkError) return error;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const known = CODES[code] ?? (code.startsWith("WS_ERR_") ? "malformed" : "reset");
  return new LinkError(known, `${known}${code === "" ? "" : ` (${code})`}`, { cause: error });
}
