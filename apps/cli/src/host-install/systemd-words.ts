import { UsageError } from "../usage.ts";

/** A line break would begin a directive of its own, and systemd takes none of the others either. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const CONTROL = /[\u0000-\u001f\u007f]/;

/** One word of a unit file in quotes, such that systemd reads the same text again (systemd.syntax(7), systemd.unit(5)). */
export function quoted(word: string): string {
  if (CONTROL.test(word)) throw new UsageError("A service can't be given control characters or line breaks");
  return `"${word.replace(/[\\"]/g, "\\$&").replaceAll("%", "%%")}"`;
}

/**
 * ExecStart= with each argument as it is (systemd.service(5), "Command lines"). In arguments `$` begins a variable and
 * has to be doubled; in the path of the program it does not and must not be.
 */
export function commandLine([program, ...args]: readonly string[]): string {
  if (program === undefined || !program.startsWith("/")) throw new UsageError("A service needs the path of a program");
  if (/["'\\]/.test(program)) {
    throw new UsageError("systemd starts no program in a folder with quotes or backslashes in its name");
  }
  return [quoted(program), ...args.map((word) => quoted(word).replaceAll("$", "$$$$"))].join(" ");
}
