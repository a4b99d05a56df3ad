import { LinkError } from "@pulpit/link";
import { ProtocolError, type ViewerSessionEnd } from "@pulpit/protocol";
import { WireError } from "@pulpit/wire";
import { farewellCode, refusalCode } from "./host-words.ts";
import type { End, EndCode } from "./state.ts";

/** Characters of the other side's text that are kept. */
const MAX_DETAIL = 500;

/** Ends a connection attempt with a reason; thrown inside this package only and turned into a state. */
export class Ended extends Error {
  override readonly name = "Ended";
  readonly end: End;

  constructor(end: End) {
    super(end.code);
    this.end = end;
  }
}

/** What an error means to the person; `stage`: what was going on. */
export function endOf(error: unknown, stage: "server" | "relay" | "peer"): End {
  if (error instanceof Ended) return error.end;
  if (error instanceof ProtocolError) {
    if (error.code === "decryption-failed") return { code: "tampered" };
    if (error.code === "timeout") return { code: stage === "peer" ? "timed-out" : "relay-failed" };
    return { code: "violated" };
  }
  if (error instanceof WireError) return { code: "violated" };
  if (error instanceof LinkError) {
    if (error.code === "aborted") return { code: "closed" };
    if (error.code === "too-large" || error.code === "malformed") return { code: "violated" };
    return { code: stage === "server" ? "server-unreachable" : stage === "relay" ? "relay-failed" : "lost" };
  }
  throw error;
}

/** How a session that ran came to its end. `connected`: the login was behind it. */
export function endOfSession(outcome: ViewerSessionEnd, connected: boolean): End {
  switch (outcome.type) {
    case "left":
      return { code: "closed" };
    case "dismissed":
      return inOurWords(farewellCode(outcome.farewell, connected), "closed-by-host", outcome.farewell);
    case "refused":
      return inOurWords(refusalCode(outcome.text), "refused", outcome.text);
    case "silent":
      return { code: "timed-out" };
    case "no-displays":
      return { code: "no-displays" };
  }
}

function inOurWords(known: EndCode | undefined, otherwise: EndCode, text: string): End {
  return known === undefined ? withDetail(otherwise, text) : { code: known };
}

/** The other side's words, bounded; empty words are none. */
export function withDetail(code: EndCode, text: string): End {
  const detail = text.slice(0, MAX_DETAIL);
  return detail === "" ? { code } : { code, detail };
}
