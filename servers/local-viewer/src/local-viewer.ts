import type { Log, nodeClock } from "@pulpit/link-node";
import { startLocalPage } from "@pulpit/local-page";
import type { BridgeGreeting } from "@pulpit/viewer";
import { BRIDGE_PATHS } from "@pulpit/viewer";
import { MAX_CONNECTIONS } from "./limits.ts";
import { Pages } from "./pages.ts";
import { type Reaching, Visits } from "./visits.ts";

export interface LocalViewerConfig {
  /** Folder of the built web client. */
  readonly root: string;
  /** Of 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  /** Who may open the page; see `LocalPageConfig`. */
  readonly users: "own" | "any";
}

export interface LocalViewerWorld {
  readonly log: Log;
  readonly clock: ReturnType<typeof nodeClock>;
  /** What every page is told. */
  readonly greeting: Omit<BridgeGreeting, "key">;
  /** How the host is reached, for one visit. */
  readonly reaching: Reaching;
  /** A page came or went. `open`: how many there are now. */
  readonly onPages: (open: number) => void;
}

export interface LocalViewer extends AsyncDisposable {
  readonly port: number;
  /** The page with a token that lets it in once, within a minute. */
  link(): string;
}

/** Serves the web client for one host. Rejects with what the system says about the port. */
export async function startLocalViewer(config: LocalViewerConfig, world: LocalViewerWorld): Promise<LocalViewer> {
  const { log, clock, greeting, reaching, onPages } = world;
  const pages = new Pages(greeting, onPages, clock);
  const visits = new Visits(reaching, clock);
  const page = await startLocalPage(
    {
      ...config,
      maxConnections: MAX_CONNECTIONS,
      // What is painted and decoded comes out of the page's own memory.
      policy: { "img-src": "'self' data: blob:", "worker-src": "'self' blob:" },
      json: { "/config.json": { bridge: true } },
    },
    {
      log,
      now: () => clock.now(),
      sockets: new Map([
        [BRIDGE_PATHS.page, pages.door],
        [BRIDGE_PATHS.visit, visits.door],
      ]),
    },
  );
  return {
    port: page.port,
    link: () => page.link(),
    [Symbol.asyncDispose]: () => page[Symbol.asyncDispose](),
  };
}
