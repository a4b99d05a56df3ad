import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, RequestListener } from "node:http";
import { AddressList, type Log, OffenderLog } from "@pulpit/link-node";
import { openHttpPort } from "./http-port.ts";
import { PROMETHEUS_TEXT } from "./prometheus.ts";
import { patientReadiness, type Readiness } from "./readiness.ts";

/** A port for whoever looks after the server; nothing on it is for strangers. */
export interface OperationsConfig {
  /** 0 takes a free one. */
  readonly port: number;
  /** Local address; loopback unless the owner says otherwise. */
  readonly host: string;
  /** What `Authorization: Bearer …` has to say for the figures; undefined asks nobody. */
  readonly token: string | undefined;
}

export interface OperationsPort extends AsyncDisposable {
  readonly port: number;
}

/** Opens a port with `/health`, `/ready` and `/metrics`. */
export async function startOperationsPort(
  { port, host, token }: OperationsConfig,
  world: { readonly log: Log; metrics(): string | Promise<string>; ready(): Readiness | Promise<Readiness> },
): Promise<OperationsPort> {
  const offenders = new OffenderLog(world.log, () => performance.now());
  const ready = patientReadiness(
    () => world.ready(),
    () => performance.now(),
  );

  async function answer(request: IncomingMessage): Promise<Answer> {
    if (request.method !== "GET" && request.method !== "HEAD") return { status: 405, body: "method not allowed\n" };
    if (request.url === "/health") return { status: 200, body: "ok\n" };
    if (request.url === "/ready") {
      const state = await ready();
      return state.type === "ready" ? { status: 200, body: "ready\n" } : { status: 503, body: `${state.why}\n` };
    }
    if (request.url !== "/metrics") return { status: 404, body: "not found\n" };
    if (token !== undefined && !bears(request, token)) {
      offenders.report("metrics refused", request.socket.remoteAddress ?? "");
      return { status: 401, body: "a token is needed\n" };
    }
    return { status: 200, body: await world.metrics() };
  }

  const listener: RequestListener = (request, response) => {
    answer(request).then(
      ({ status, body }) => {
        response.writeHead(status, {
          "Content-Type": status === 200 ? PROMETHEUS_TEXT : "text/plain; charset=utf-8",
          "Cache-Control": "no-store",
          ...(status === 401 ? { "WWW-Authenticate": "Bearer" } : {}),
        });
        response.end(request.method === "HEAD" ? undefined : body);
      },
      (error: unknown) => {
        world.log.error("figures could not be had", { reason: String(error) });
        response.writeHead(500).end();
      },
    );
  };
  const http = await openHttpPort(
    { host, port, trusted: new AddressList([]) },
    undefined,
    { listener },
    (address, why) => offenders.report("operations connection refused", address, { why }),
  );
  world.log.info("operations port ready", { port: http.port });
  return { port: http.port, [Symbol.asyncDispose]: () => http.close() };
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

function bears({ headers }: IncomingMessage, token: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(headers.authorization ?? ""), digest(`Bearer ${token}`));
}
