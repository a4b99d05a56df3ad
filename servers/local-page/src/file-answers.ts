import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import type { LocalPageConfig } from "./config.ts";
import { contentPolicy } from "./content-policy.ts";
import type { SiteFile } from "./site.ts";

const HEADERS: Readonly<Record<string, string>> = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
};

const REFUSALS: Readonly<Record<number, string>> = {
  403: "This page belongs to another user of this computer.",
  404: "There is no such file.",
  405: "This can only be read.",
  421: "This page is not to be had under that name.",
  503: "The page has not been built.",
};

const INDEX = "/index.html";
/** A place inside a page: no dot in its last part, which a file of the site would have. */
const PLACE = /^\/(?:.*\/)?[^./]*$/;

interface Answer {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body?: string | Uint8Array;
}

/** Answers requests with the files of one page, each answer with what its page is allowed. */
export class FileAnswers {
  readonly #site: ReadonlyMap<string, SiteFile>;
  readonly #fallback: boolean;
  readonly #headers: OutgoingHttpHeaders;

  constructor(
    site: ReadonlyMap<string, SiteFile>,
    { policy, fallback = false }: Pick<LocalPageConfig, "policy" | "fallback">,
  ) {
    this.#site = site;
    this.#fallback = fallback;
    this.#headers = { "Content-Security-Policy": contentPolicy(policy), ...HEADERS };
  }

  /** Answers with a file of the page, or with why not. */
  answer(request: IncomingMessage, response: ServerResponse): void {
    this.#send(request, response, this.#answerTo(request));
  }

  /** Answers with a status and a sentence. */
  refuse(request: IncomingMessage, response: ServerResponse, status: number): void {
    this.#send(request, response, refusal(status));
  }

  #answerTo({ method, url = "", headers }: IncomingMessage): Answer {
    if (method !== "GET" && method !== "HEAD") return refusal(405, { Allow: "GET, HEAD" });
    if (this.#site.size === 0) return refusal(503);
    const path = this.#pathFor(url);
    const file = this.#site.get(path);
    if (file === undefined) return refusal(404);
    const type = { "Content-Type": file.type };
    if (path === INDEX) return { status: 200, headers: { "Cache-Control": "no-store", ...type }, body: file.bytes };
    // Other programs may have this port before and after: nothing is kept without being asked for again.
    const caching = { "Cache-Control": "no-cache", ETag: file.etag };
    if (headers["if-none-match"] === file.etag) return { status: 304, headers: caching };
    return { status: 200, headers: { ...caching, ...type }, body: file.bytes };
  }

  #pathFor(url: string): string {
    // As it stands: the page's own names need no escapes, so none is undone and no other spelling leads to a file.
    const asked = url.split("?", 1)[0] ?? "";
    if (asked === "/") return INDEX;
    return this.#fallback && !this.#site.has(asked) && PLACE.test(asked) ? INDEX : asked;
  }

  #send(request: IncomingMessage, response: ServerResponse, { status, headers, body }: Answer): void {
    const length = body === undefined ? {} : { "Content-Length": Buffer.byteLength(body) };
    response.writeHead(status, { ...this.#headers, ...headers, ...length });
    response.end(request.method === "HEAD" ? undefined : body);
  }
}

function refusal(status: number, more: OutgoingHttpHeaders = {}): Answer {
  // Who is refused may have sent more that nobody wants to read.
  const headers = { Connection: "close", "Cache-Control": "no-store", "Content-Type": "text/plain; charset=utf-8" };
  return { status, headers: { ...headers, ...more }, body: `${REFUSALS[status]}\n` };
}
