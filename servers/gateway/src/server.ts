import { type Log, OffenderLog } from "@pulpit/link-node";
import type { GatewayConfig } from "./config.ts";
import { type HttpPort, openHttpPort } from "./http-port.ts";
import type { GatewayFigures, StatusClass } from "./metrics.ts";
import { pages } from "./pages.ts";
import { patientReadiness, type Readiness } from "./readiness.ts";
import { redirectListener } from "./redirect.ts";
import { Refusals } from "./refusals.ts";
import { requestListener } from "./requests.ts";
import { settingsOf } from "./settings.ts";
import { readTlsFiles, tlsPair } from "./tls-files.ts";
import { type TlsReload, TlsRenewal } from "./tls-renewal.ts";
import { type Behind, Upgrades } from "./upgrades.ts";

export interface GatewayServer extends AsyncDisposable {
  readonly port: number;
  /** Undefined without one. */
  readonly redirectPort: number | undefined;
  figures(): GatewayFigures;
  /** What `/ready` says. */
  ready(): Promise<Readiness>;
  /** Looks at certificate and key now instead of in a few seconds. */
  reloadTls(): Promise<TlsReload>;
  /** No new sessions from now on, and not ready any more; open ones and pages go on. */
  drain(): void;
}

/** Starts one HTTP port with everything a browser needs. Throws GatewayError for settings that can't be. */
export async function startGateway(
  config: GatewayConfig,
  world: Behind & { readonly log: Log; ready(): Readiness | Promise<Readiness> },
): Promise<GatewayServer> {
  const { log } = world;
  const { host, tls } = config;
  const now = (): number => performance.now();
  const { trusted, origins } = settingsOf(config);
  const refusals = new Refusals(new OffenderLog(log, now));
  const upgrades = new Upgrades(config.plainHttp, world, { trusted, origins, refusals });
  const behindReady = patientReadiness(() => world.ready(), now);
  const ready = async (): Promise<Readiness> =>
    upgrades.draining ? { type: "not-ready", why: "draining" } : behindReady();
  const answered: Record<StatusClass, number> = { "2xx": 0, "3xx": 0, "4xx": 0, "5xx": 0 };
  const listener = requestListener(pages(config, ready), config.plainHttp, {
    trusted,
    refusals,
    answered(status) {
      const kind = `${Math.trunc(status / 100)}xx`;
      if (kind in answered) answered[kind as StatusClass] += 1;
    },
  });
  const refused = refusals.count.bind(refusals);

  const stack = new AsyncDisposableStack();
  try {
    const answers = { listener, upgrade: upgrades.handle.bind(upgrades) };
    const pair = tls && tlsPair(await readTlsFiles(tls), tls);
    const http = await openHttpPort({ host, port: config.port, trusted }, pair, answers, refused);
    stack.defer(() => http.close(() => upgrades.closeAll()));
    const renewal = tls && pair && new TlsRenewal(tls, pair, { log, renewed: (next) => http.renew(next) });
    stack.defer(() => renewal?.stop());
    let redirect: HttpPort | undefined;
    if (config.redirectPort !== undefined) {
      const to = { port: config.publicPort ?? http.port, acmeFolder: config.acmeFolder };
      const at = { host, port: config.redirectPort, trusted };
      redirect = await openHttpPort(at, undefined, { listener: redirectListener(to) }, refused);
    }
    stack.defer(() => redirect?.close());
    log.info("web client ready", { port: http.port, tls: pair !== undefined, redirectPort: redirect?.port });

    const running = stack.move();
    return {
      port: http.port,
      redirectPort: redirect?.port,
      figures: () => ({
        connections: http.connections(),
        websockets: { id: upgrades.open.id.size, relay: upgrades.open.relay.size },
        answered: { ...answered },
        refused: { ...refusals.counts },
        tlsExpires: renewal && Math.floor(renewal.pair.expires / 1000),
      }),
      ready,
      reloadTls: async () => renewal?.reload() ?? { type: "unchanged" },
      drain() {
        upgrades.draining = true;
      },
      [Symbol.asyncDispose]: () => running.disposeAsync(),
    };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}
