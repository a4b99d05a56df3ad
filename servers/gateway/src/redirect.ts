import { open } from "node:fs/promises";
import type { IncomingMessage, RequestListener } from "node:http";
import { join } from "node:path";

const CHALLENGE = "/.well-known/acme-challenge";
/** An answer to an ACME challenge is a line of about 90 bytes. */
const MAX_CHALLENGE = 4_096;

/** Sends browsers on to TLS, and answers an ACME server's challenges when told where they are; nothing else. */
export function redirectListener(to: {
  /** Port of TLS as browsers reach it. */
  readonly port: number;
  readonly acmeFolder: string | undefined;
}): RequestListener {
  return (request, response) => {
    // Nobody stays here, and nobody's body is read.
    response.setHeader("Connection", "close");
    void answerTo(request, to).then(({ status, location, body }) => {
      const headers = {
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Length": body.length,
        ...(location && { Location: location }),
      };
      response.writeHead(status, headers).end(request.method === "HEAD" ? undefined : body);
    });
  };
}

interface Answer {
  readonly status: number;
  readonly body: string | Uint8Array;
  readonly location?: string;
}

async function answerTo(
  request: IncomingMessage,
  { port, acmeFolder }: { readonly port: number; readonly acmeFolder: string | undefined },
): Promise<Answer> {
  const { url = "", headers } = request;
  const token = new RegExp(`^${CHALLENGE}/([A-Za-z0-9_-]{1,128})$`).exec(url)?.[1];
  if (acmeFolder !== undefined && token !== undefined) {
    const body = await challenge(join(acmeFolder, CHALLENGE, token));
    return body === undefined ? { status: 404, body: "not found\n" } : { status: 200, body };
  }
  const host = hostname(headers.host);
  if (host === undefined || !url.startsWith("/")) return { status: 400, body: "bad request\n" };
  const location = `https://${host}${port === 443 ? "" : `:${port}`}${url}`;
  return { status: 308, body: "this server speaks HTTPS\n", location };
}

/** The name alone; undefined for what is none, so that nothing else can get into an address. */
function hostname(host: string | undefined): string | undefined {
  if (host === undefined || !/^(\[[\da-f:.]+\]|[\w.-]+)(:\d{1,5})?$/i.test(host)) return undefined;
  return URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : undefined;
}

async function challenge(path: string): Promise<Uint8Array | undefined> {
  try {
    await using file = await open(path);
    const { buffer, bytesRead } = await file.read(new Uint8Array(MAX_CHALLENGE), 0, MAX_CHALLENGE, 0);
    return buffer.subarray(0, bytesRead);
  } catch {
    // Missing or no file: for who asks it is the same.
    return undefined;
  }
}
