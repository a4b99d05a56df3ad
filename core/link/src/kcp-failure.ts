import type { KcpOutcome } from "@pulpit/protocol";
import { LinkError, type LinkErrorCode } from "./errors.ts";

const CODES: Readonly<Record<KcpOutcome, LinkErrorCode>> = {
  closed: "closed",
  reset: "reset",
  silent: "timed-out",
  unanswered: "timed-out",
};

const WORDS: Readonly<Record<KcpOutcome, string>> = {
  closed: "the connection is closed",
  reset: "the peer broke the connection",
  silent: "nothing was heard of the peer for too long",
  unanswered: "the peer did not answer",
};

/** What the end of a session is for who uses the pipe. */
export function kcpFailure(outcome: KcpOutcome): LinkError {
  return new LinkError(CODES[outcome], WORDS[outcome]);
}
