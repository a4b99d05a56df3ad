import { formatTarget, parseTarget, type Target, type TargetProblem } from "@pulpit/protocol";
import { UsageError } from "../usage.ts";

/** Where a person wants to go, by what they typed or what a link says. */
export interface Destination {
  readonly target: Target;
  /** As it is shown. */
  readonly name: string;
  /** Somebody else wrote it: the person has to say yes first. */
  readonly fromLink: boolean;
}

const PROBLEMS: Readonly<Record<TargetProblem, string>> = {
  empty: "Whom to connect to? Give an ID such as 123456789, or an address such as 192.168.1.20",
  "too-long": "That is too long",
  "control-character": "There are characters in it that nobody can see",
  "not-ascii": "There are letters in it that only look like those of an ID or an address",
  "bad-id": "That is neither an ID nor an address",
  "bad-address": "That is not an address",
  "bad-port": "A port is a number from 1 to 65535",
  "bad-server": "After @ comes the server: HOST or HOST:PORT",
  "bad-key": "The key of a server has 44 characters",
  "key-without-server": "A key belongs to a server: ID@SERVER?key=KEY",
  "relay-without-server": "An address has no relay",
  "public-server": "There is no public server; name yours",
  userinfo: "Too many @ or : in it",
  "unknown-link": "That link is for something else",
  "bad-encoding": "The link is damaged",
  "nested-encoding": "The link hides something",
};

/** Throws UsageError with what is wrong; never with the text itself, which may hold a password. */
export function destinationIn(words: readonly string[]): Destination {
  const parsed = parseTarget(words.join(" "));
  if (parsed.type === "invalid") throw new UsageError(PROBLEMS[parsed.problem]);
  const { target, fromLink } = parsed;
  // A key says nothing to a person, and would hide where it goes.
  const { serverKey: _, ...shown } = target.type === "id" ? target : { ...target, serverKey: undefined };
  return { target, name: formatTarget(shown as Target), fromLink };
}
