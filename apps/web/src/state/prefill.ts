import { destinationOf, destinationText } from "./destination.ts";
import type { ServerConfig } from "./server-config.ts";

/** What a link puts into the field. */
export interface Prefill {
  readonly text: string;
  /** A link filled in the field, and it is still to be looked at. */
  readonly fromLink: boolean;
  readonly hadPassword: boolean;
}

/** Longest text of a link that is put into the field, characters. */
const MAX_TEXT = 1024;

/**
 * The field of a page that was opened by a link, from its query: `?id=…`, with an ID, a link of `pulpit:` or
 * `rustdesk:`, or anything else that can be typed. It only fills in the field. A password is dropped.
 */
export function prefillFrom(query: string, config: Pick<ServerConfig, "serverKey" | "idServer">): Prefill {
  const parameters = new URLSearchParams(query);
  const filled = prefillWith((parameters.get("id") ?? "").slice(0, MAX_TEXT), config);
  const hadPassword = filled.hadPassword || parameters.has("password");
  return { ...filled, fromLink: filled.text !== "", hadPassword };
}

/** … from a text. What can't be understood stays, for the person to see; but not what may hold a password. */
export function prefillWith(text: string, config: Pick<ServerConfig, "serverKey" | "idServer">): Prefill {
  const destination = destinationOf(text, config);
  if (destination.type === "host") {
    const { fromLink, hadPassword } = destination;
    return { text: destinationText(destination), fromLink, hadPassword };
  }
  const hadPassword = /[?&]password=/i.test(text);
  return { text: hadPassword ? text.replace(/\?.*$/s, "") : text, fromLink: false, hadPassword };
}
