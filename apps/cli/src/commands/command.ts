import type { Env } from "../env.ts";

/** One command of the program. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  readonly help: string;
  /** Of one of its own commands, when one is named; undefined: `help` it is. */
  readonly helpOf?: (args: readonly string[]) => string | undefined;
  /** Resolves with the exit code. Throws UsageError on a bad command line. */
  run(args: readonly string[], env: Env): Promise<number>;
}

/** Default port of the web client: the stock place of a server's HTTP (docs/protocol/wire.md, section 8). */
export const WEB_PORT = 21_114;
/** Size of a virtual desktop, pixels. */
export const VIRTUAL_SIZE: { readonly width: number; readonly height: number } = { width: 1280, height: 800 };
