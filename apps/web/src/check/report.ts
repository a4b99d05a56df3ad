/** One check as it is shown. */
export interface ReportLine {
  readonly name: string;
  readonly level: string;
  readonly text: string;
  /** What to do about it; empty when there is nothing. */
  readonly advice: string;
}

/** Longest text of a browser about itself that is passed on, characters. */
const MAX_BROWSER = 300;

/**
 * What a person sends to whoever helps them: what the page shows, where and when. No addresses of this device, no IDs, no
 * keys.
 */
export function reportText(
  title: string,
  facts: { readonly page: string; readonly at: Date; readonly browser: string },
  lines: readonly ReportLine[],
): string {
  const head = [`Pulpit – ${title}`, facts.page, facts.at.toISOString(), plain(facts.browser).slice(0, MAX_BROWSER)];
  const body = lines.flatMap(({ name, level, text, advice }) => [
    `[${level}] ${name}: ${text}`,
    ...(advice === "" ? [] : [`    ${advice}`]),
  ]);
  return [...head, "", ...body, ""].join("\n");
}

function plain(text: string): string {
  return text.replace(/\p{C}/gu, "");
}
