/** How this browser's person writes times: their region for the page's language, the language alone otherwise. */
function localeOf(language: string): string {
  return navigator.languages.find((tag) => tag === language || tag.startsWith(`${language}-`)) ?? language;
}

/** A moment (ISO 8601) for people: the time of today, with the date otherwise. What is no moment stays as it is. */
export function momentText(at: string, language: string, now: Date): string {
  const today = new Date(at).toDateString() === now.toDateString();
  return textOf(at, language, today ? { timeStyle: "short" } : { dateStyle: "medium", timeStyle: "short" });
}

export function dayText(at: string, language: string): string {
  return textOf(at, language, { dateStyle: "full" });
}

export function clockText(at: string, language: string): string {
  return textOf(at, language, { timeStyle: "medium" });
}

function textOf(at: string, language: string, style: Intl.DateTimeFormatOptions): string {
  const moment = new Date(at);
  return Number.isNaN(moment.getTime()) ? at : new Intl.DateTimeFormat(localeOf(language), style).format(moment);
}
