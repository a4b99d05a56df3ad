import type { TargetProblem } from "./target.ts";

/** What stands behind `?`, names in small letters, in order. */
export type Parameters = readonly (readonly [name: string, value: string])[];

/** What stands in a link, as somebody would have typed it. */
export type LinkText =
  | { readonly type: "text"; readonly body: string; readonly query: Parameters }
  | { readonly type: "invalid"; readonly problem: TargetProblem };

/** First words of stock links that are no IDs. */
const OTHER_KINDS: ReadonlySet<string> = new Set(["config", "connection", "password"]);

/** Whether a text is a link at all, of ours or not. `pulpit:` goes without slashes, others have them. */
export function isLink(text: string): boolean {
  return /^(?:pulpit:|[a-z][a-z0-9+.-]{0,31}:\/\/)/i.test(text);
}

/**
 * `rustdesk://connection/new/ID`, `rustdesk://ID`, `pulpit:ID`, `pulpit://ID`, each with what may follow an ID and
 * with a query. Percent-encoding is undone once; what is encoded twice wants to get past somebody.
 */
export function textOfLink(link: string): LinkText {
  const parts = /^(?:rustdesk:\/\/|pulpit:(?:\/\/)?)([^?#]*)(?:\?([^#]*))?$/i.exec(link);
  if (parts === null) return { type: "invalid", problem: "unknown-link" };
  const words = (parts[1] as string).replace(/\/$/, "").split("/");
  const isNew = words[0]?.toLowerCase() === "connection" && words[1]?.toLowerCase() === "new";
  const rest = isNew ? words.slice(2) : words;
  if (OTHER_KINDS.has(rest[0]?.toLowerCase() ?? "")) return { type: "invalid", problem: "unknown-link" };
  const body = decode(rest.join("/"));
  if (body.type === "invalid") return body;
  // One word and, perhaps, the `r` of the relay with its server; more is another kind of link.
  if (!/^[^/\\]*(?:[/\\]r(?:@.*)?)?$/i.test(body.text)) return { type: "invalid", problem: "unknown-link" };
  const query: (readonly [string, string])[] = [];
  for (const [name, value] of parametersIn(parts[2])) {
    const decoded = decode(value);
    if (decoded.type === "invalid") return decoded;
    query.push([name, decoded.text]);
  }
  return { type: "text", body: body.text, query };
}

/** `a=b&c=d` apart, nothing decoded: `+` is a letter of a key. */
export function parametersIn(query: string | undefined): Parameters {
  if (query === undefined || query === "") return [];
  return query.split("&").map((pair) => {
    const equals = pair.indexOf("=");
    return equals < 0 ? [pair.toLowerCase(), ""] : [pair.slice(0, equals).toLowerCase(), pair.slice(equals + 1)];
  });
}

function decode(text: string): { type: "decoded"; text: string } | { type: "invalid"; problem: TargetProblem } {
  let decoded: string;
  try {
    decoded = decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return { type: "invalid", problem: "bad-encoding" };
    throw error;
  }
  if (decoded.includes("%")) return { type: "invalid", problem: "nested-encoding" };
  return { type: "decoded", text: decoded };
}
