import type { HistoryEntry, JournalVerdict } from "./history.ts";
import type { HostView } from "./view.ts";

type Nothing = Record<never, never>;

/** Every command there is: what it says and what comes back. */
export interface HostCommands {
  view: { readonly ask: Nothing; readonly answer: HostView };
  "service.start": { readonly ask: Nothing; readonly answer: Nothing };
  /** Hangs up on everybody and takes no more calls until it is started again, over a restart too. */
  "service.stop": { readonly ask: Nothing; readonly answer: Nothing };
  "one-time.renew": { readonly ask: Nothing; readonly answer: Nothing };
  "password.set": { readonly ask: { readonly password: string }; readonly answer: Nothing };
  "password.clear": { readonly ask: Nothing; readonly answer: Nothing };
  "id.change": { readonly ask: { readonly id: string }; readonly answer: Nothing };
  "request.answer": { readonly ask: { readonly request: string; readonly accept: boolean }; readonly answer: Nothing };
  "session.permit": {
    readonly ask: { readonly session: string; readonly permission: string; readonly granted: boolean };
    readonly answer: Nothing;
  };
  /** `block`: neither its ID nor its address gets in again. */
  "session.end": { readonly ask: { readonly session: string; readonly block: boolean }; readonly answer: Nothing };
  "settings.set": { readonly ask: { readonly name: string; readonly value: string }; readonly answer: Nothing };
  /** A secret to put into an authenticator, as an otpauth URI and as text; nothing holds before `confirm`. */
  "second-factor.begin": {
    readonly ask: Nothing;
    readonly answer: { readonly uri: string; readonly secret: string };
  };
  "second-factor.confirm": {
    readonly ask: { readonly code: string };
    readonly answer: { readonly recoveryCodes: readonly string[] };
  };
  "second-factor.off": { readonly ask: Nothing; readonly answer: Nothing };
  /** Ten new recovery codes; the old ones no longer hold. */
  "second-factor.recovery": { readonly ask: Nothing; readonly answer: { readonly recoveryCodes: readonly string[] } };
  "trusted.forget": { readonly ask: { readonly device: string }; readonly answer: Nothing };
  /** The latest entries before number `before` (0: the latest of all), newest first. */
  history: {
    readonly ask: { readonly before: number; readonly limit: number };
    readonly answer: readonly HistoryEntry[];
  };
  "history.verify": { readonly ask: Nothing; readonly answer: JournalVerdict };
}

export type CommandName = keyof HostCommands;
export type Ask<N extends CommandName> = HostCommands[N]["ask"];
export type Answer<N extends CommandName> = HostCommands[N]["answer"];

/** What a host does about each. Throws HostRefusal. */
export type CommandHandlers = { readonly [N in CommandName]: (ask: Ask<N>) => Answer<N> | Promise<Answer<N>> };

/** Longest text in a command, characters: a list of a thousand networks fits. */
const MAX_TEXT = 50_000;
/** Entries of the history at a time. */
export const MAX_PAGE = 200;

type Shape = "text" | "yes-no" | "page" | "number";

const SHAPES: { readonly [N in CommandName]: { readonly [P in keyof Ask<N>]: Shape } } = {
  view: {},
  "service.start": {},
  "service.stop": {},
  "one-time.renew": {},
  "password.set": { password: "text" },
  "password.clear": {},
  "id.change": { id: "text" },
  "request.answer": { request: "text", accept: "yes-no" },
  "session.permit": { session: "text", permission: "text", granted: "yes-no" },
  "session.end": { session: "text", block: "yes-no" },
  "settings.set": { name: "text", value: "text" },
  "second-factor.begin": {},
  "second-factor.confirm": { code: "text" },
  "second-factor.off": {},
  "second-factor.recovery": {},
  "trusted.forget": { device: "text" },
  history: { before: "number", limit: "page" },
  "history.verify": {},
};

/** A command of the wire, `{"question": name, …}`, checked; undefined for what is none. Nothing else in it is kept. */
export function commandIn(value: unknown): { readonly name: CommandName; readonly ask: unknown } | undefined {
  if (typeof value !== "object" || value === null || !("question" in value)) return undefined;
  const { question } = value;
  if (typeof question !== "string" || !Object.hasOwn(SHAPES, question)) return undefined;
  const name = question as CommandName;
  const said = value as Record<string, unknown>;
  const entries = Object.entries(SHAPES[name] as Record<string, Shape>);
  if (!entries.every(([member, shape]) => Object.hasOwn(said, member) && fits(said[member], shape))) return undefined;
  return { name, ask: Object.fromEntries(entries.map(([member]) => [member, said[member]])) };
}

function fits(value: unknown, shape: Shape): boolean {
  switch (shape) {
    case "text":
      return typeof value === "string" && value.length <= MAX_TEXT;
    case "yes-no":
      return typeof value === "boolean";
    case "number":
      return Number.isSafeInteger(value) && (value as number) >= 0;
    case "page":
      return Number.isInteger(value) && (value as number) > 0 && (value as number) <= MAX_PAGE;
  }
}
