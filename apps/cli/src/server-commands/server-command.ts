import type { Answer, Ask, QuestionName } from "@pulpit/admin";
import type { DataFolder } from "../server/data-folder.ts";
import { UsageError } from "../usage.ts";

/** What a command about a running server works with. */
export interface ServerTalk {
  readonly args: readonly string[];
  /** Options of its own; `true` for one without a value. */
  readonly flags: Readonly<Record<string, boolean | undefined>>;
  readonly data: DataFolder;
  ask<N extends QuestionName>(name: N, what: Ask<N>): Promise<Answer<N>>;
}

/** What came out: for programs, and for people. */
export interface Said {
  readonly value: unknown;
  readonly text: string;
  /** 1 where something is not as it should be. */
  readonly exitCode?: 0 | 1;
}

/** For commands that take no arguments. Throws UsageError. */
export function nothingMore([first]: readonly string[]): void {
  if (first !== undefined) throw new UsageError(`Unexpected argument '${first}'`);
}

/** `pulpit server NAME …` */
export interface ServerCommand {
  readonly name: string;
  /** Lines of the help: what follows `pulpit server`, and what it does. */
  readonly usage: readonly (readonly [string, string])[];
  /** Options of its own that take no value. */
  readonly switches?: readonly string[];
  run(talk: ServerTalk): Promise<Said>;
}
