import type { PageMessage } from "@pulpit/host-control";

/** A message of the host; undefined for what is none. What is inside a view is the host's own word and is not checked. */
export function pageMessageIn(text: string): PageMessage | undefined {
  const value = parsed(text);
  if (typeof value !== "object" || value === null) return undefined;
  const said = value as Record<string, unknown>;
  switch (said.type) {
    case "welcome":
      return typeof said.key === "string" ? { type: "welcome", key: said.key } : undefined;
    case "view":
      return typeof said.view === "object" && said.view !== null ? (value as PageMessage) : undefined;
    case "answer":
      return typeof said.number === "number" ? { type: "answer", number: said.number, answer: said.answer } : undefined;
    case "refusal":
      return typeof said.number === "number" && typeof said.code === "string" ? (value as PageMessage) : undefined;
    default:
      return undefined;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
