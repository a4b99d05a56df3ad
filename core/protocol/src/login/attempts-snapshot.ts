import type { AttemptsSnapshot } from "./attempts.ts";

/** A source as it is counted: bits and hexadecimal digits, or `?` for all that can't be placed. */
const SOURCE = /^(\d{1,3}:[0-9a-f]{2,32}|\?)$/;

/** A snapshot that was kept somewhere; what is none of its lines is left out. */
export function attemptsSnapshotIn(value: unknown): AttemptsSnapshot {
  const { failures, known, strangers } = (typeof value === "object" && value !== null ? value : {}) as Record<
    string,
    unknown
  >;
  const [left, filledAt] = Array.isArray(strangers) ? strangers : [];
  return {
    failures: rows(failures).flatMap(([source, count, last]) =>
      isSource(source) && isCount(count) && isCount(last) ? [[source, count, last] as const] : [],
    ),
    known: rows(known).flatMap(([source, last]) =>
      isSource(source) && isCount(last) ? [[source, last] as const] : [],
    ),
    ...(typeof left === "number" && left >= 0 && isCount(filledAt) ? { strangers: [left, filledAt] } : {}),
  };
}

function rows(value: unknown): readonly (readonly unknown[])[] {
  return Array.isArray(value) ? value.filter((row) => Array.isArray(row)) : [];
}

function isSource(value: unknown): value is string {
  return typeof value === "string" && SOURCE.test(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
