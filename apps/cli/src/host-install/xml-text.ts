import { UsageError } from "../usage.ts";

/** What XML 1.0 has no way to write, not even as a reference (section 2.2), and line breaks, which no path needs. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const UNWRITABLE = /[\u0000-\u001f\u007f\ufffe\uffff]|[\ud800-\udfff]/u;

/** Text between tags. */
export function xmlText(text: string): string {
  if (UNWRITABLE.test(text)) throw new UsageError("A service can't be given control characters or line breaks");
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
