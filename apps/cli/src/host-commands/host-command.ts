import type { Answer, Ask, CommandName } from "@pulpit/host-control";
import type { Env } from "../env.ts";
import type { Said } from "../server-commands/server-command.ts";

/** What a command about this computer works with. */
export interface HostTalk {
  readonly args: readonly string[];
  /** Options of its own; `true` for one without a value. */
  readonly flags: Readonly<Record<string, boolean | undefined>>;
  readonly env: Env;
  /** Path of the socket of a host that runs on this profile. */
  readonly socket: string;
  /** Asks the host that runs, or does it on the profile alone when none does. Throws FailedError with the reason. */
  ask<N extends CommandName>(name: N, what: Ask<N>): Promise<Answer<N>>;
  isRunning(): Promise<boolean>;
}

/** `pulpit host NAME …` */
export interface HostCommand {
  readonly name: string;
  /** Lines of the help: what follows `pulpit host`, and what it does. */
  readonly usage: readonly (readonly [string, string])[];
  /** Options of its own that take no value. */
  readonly switches?: readonly string[];
  run(talk: HostTalk): Promise<Said>;
}

/** Nothing to be told but that it is so. */
export function said(text: string): Said {
  return { value: { done: true }, text };
}
