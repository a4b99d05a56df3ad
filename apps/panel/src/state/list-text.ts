/** Blanks stand between addresses, and inside of IDs the way these are read out. */
export type Blanks = "between" | "inside";

/** Entries of a list setting, or of what was pasted: by commas, semicolons and lines. */
export function itemsOf(text: string, blanks: Blanks): readonly string[] {
  const parts = text.split(blanks === "between" ? /[\s,;]+/u : /[\n\r,;]+/u);
  return [...new Set(parts.map((part) => part.replace(/\s+/gu, "")).filter((item) => item !== ""))];
}

/** As `pulpit host set` takes it. */
export function listOf(items: readonly string[]): string {
  return [...new Set(items)].join(",");
}
