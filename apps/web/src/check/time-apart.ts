/** From here on the bigger unit is easier to grasp. */
const TWO = 2;
const UNITS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
] as const;

/** A length of time in the words of a language, such as `31 seconds`. */
export function timeInWords(seconds: number, language: string): string {
  const [unit, size] = UNITS.find(([, length]) => seconds >= TWO * length) ?? (["second", 1] as const);
  const format = new Intl.NumberFormat(language, {
    style: "unit",
    unit,
    unitDisplay: "long",
    maximumFractionDigits: 0,
  });
  return format.format(seconds / size);
}
