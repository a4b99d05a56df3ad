import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import type { SiteFile } from "./site.ts";

/** The page is its own files and its own WebSocket; nothing else may load, embed, send or open it. */
const POLICY: string = [
  "default-src 'none'",
  "script-src 'self'",
  // Styles are computed by the component library; scripts are not.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const HEADERS: Readonly<Record<string, string>> = {
  "Content-Security-Policy": POLICY,
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

interface Answer {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body?: string | Uint8Array;
}

/** Answers with a file of the page, or with why not. */
export function answerWithFile(
  request: IncomingMessage,
  response: ServerResponse,
  site: ReadonlyMap<string, SiteFile>,
): void {
  send(request, response, answerTo(request, site));
}

/** Answers with a status and a sentence. */
export function refuse(request: IncomingMessage, response: ServerResponse, status: number): void {
  send(request, response, refusal(status));
}

function answerTo({ method, url = "", headers }: IncomingMessage, site: ReadonlyMap<string, SiteFile>): Answer {
  if (method !== "GET" && method !== "HEAD") return refusal(405, { Allow: "GET, HEAD" });
  if (site.size === 0) return refusal(503);
  // As it stands: the page's own names need no escapes, so none is undone and no other spelling leads to a file.
  const asked = url.split("?", 1)[0];
  const path = asked === "/" ? "/index.html" : asked;
  const file = site.get(path ?? "");
  if (file === undefined) return refusal(404);
  const type = { "Content-Type": file.type };
  if (path === "/index.html")
    return { status: 200, headers: { "Cache-Control": "no-store", ...type }, body: file.bytes };
  // Other programs may have this port before and after: nothing is kept without being asked for again.
  const caching = { "Cache-Control": "no-cache", ETag: file.etag };
  if (headers["if-none-match"] === file.etag) return { status: 304, headers: caching };
  return { status: 200, headers: { ...caching, ...type }, body: file.bytes };
}

function refusal(status: number, more: OutgoingHttpHeaders = {}): Answer {
  // Who is refused may have sent more that nobody wants to read.
  const headers = { Connection: "close", "Cache-Control": "no-store", "Content-Type": "text/plain; charset=utf-8" };
  return { status, headers: { ...headers, ...more }, body: `${REFUSALS[status]}\n` };
}

function send(request: IncomingMessage, response: ServerResponse, { status, headers, body }: Answer): void {
  const length = body === undefined ? {} : { "Content-Length": Buffer.byteLength(body) };
  response.writeHead(status, { ...HEADERS, ...headers, ...length });
  response.end(request.method === "HEAD" ? undefined : body);
}
