import { type ParseArgsConfig, parseArgs } from "node:util";

/** The command line makes no sense; shown as one line, exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Something outside of the program went wrong; shown as one line, exit code 1. */
export class FailedError extends Error {
  override readonly name = "FailedError";
}

type Options = NonNullable<ParseArgsConfig["options"]>;

/** Options of one command. Bad ones throw UsageError. */
export function parse<O extends Options>(
  args: readonly string[],
  options: O,
): ReturnType<typeof parseArgs<{ args: string[]; options: O; allowPositionals: true; strict: true }>> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, allowNegative: true, strict: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? (error.message.split(/\.?\s*\n|\. /)[0] as string) : "bad options");
  }
}

/** `WIDTHxHEIGHT` in pixels. */
export function sizeOption(
  text: string | undefined,
  otherwise: { width: number; height: number },
): { width: number; height: number } {
  if (text === undefined) return otherwise;
  const match = /^(\d{2,5})x(\d{2,5})$/.exec(text);
  if (match === null) throw new UsageError(`--size wants WIDTHxHEIGHT, such as 1280x800, not '${text}'`);
  return { width: Number(match[1]), height: Number(match[2]) };
}

export function noMore(positionals: readonly string[]): void {
  if (positionals.length > 0) throw new UsageError(`Unexpected argument '${positionals[0]}'`);
}
