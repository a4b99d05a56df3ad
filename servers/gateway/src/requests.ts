import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { getRequestListener } from "@hono/node-server";
import type { AddressList } from "@pulpit/link-node";
import type { Hono } from "hono";
import { clientOf } from "./client.ts";
import { type GatewayConfig, MAX_REQUESTS } from "./config.ts";
import type { Refusals } from "./refusals.ts";

const INSECURE = `This server does not serve its pages over plain HTTP: browsers show no remote desktop on such a page,
and what is typed here could be read on the way. Open the address with https://.

If it is your server: give it a certificate, or let a reverse proxy in front speak HTTPS, list that proxy as trusted
and have it send X-Forwarded-Proto; or allow plain HTTP everywhere.
`;

/** What answers HTTP requests, a bounded number of them at a time; `answered` hears of each. */
export function requestListener(
  app: Hono,
  plainHttp: GatewayConfig["plainHttp"],
  world: { readonly trusted: AddressList; readonly refusals: Refusals; answered(status: number): void },
): RequestListener {
  const { trusted, refusals } = world;
  const serve = getRequestListener(app.fetch);
  let busy = 0;
  return (request, response) => {
    const client = clientOf(request, trusted);
    busy += 1;
    response.once("close", () => {
      busy -= 1;
      world.answered(response.statusCode);
    });
    // Nothing here reads a body, so the connection that carries one is of no further use.
    if (request.method !== "GET" && request.method !== "HEAD") response.setHeader("Connection", "close");
    if (busy > MAX_REQUESTS) {
      refusals.count(client.address, "busy");
      refuse(response, 503, "too many requests at a time\n");
    } else if (client.came === "plain" && plainHttp === "loopback" && !isCheck(request)) {
      refusals.count(client.address, "insecure");
      refuse(response, 403, INSECURE);
    } else void serve(request, response);
  };
}

/** Whoever looks after the machine asks without TLS, and learns nothing but that it is well. */
function isCheck({ url }: IncomingMessage): boolean {
  return url === "/health" || url === "/ready";
}

function refuse(response: ServerResponse, status: 403 | 503, text: string): void {
  const headers = { "Content-Type": "text/plain; charset=utf-8", Connection: "close", "Cache-Control": "no-store" };
  response.writeHead(status, status === 503 ? { ...headers, "Retry-After": "5" } : headers).end(text);
}
