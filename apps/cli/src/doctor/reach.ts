import { LinkError, type Path } from "@pulpit/link";
import type { ProxySetting } from "@pulpit/link-node";
import { fingerprint } from "@pulpit/protocol";
import { connect, type EndCode, endOf, type LeftOut, type WayNews } from "@pulpit/viewer";
import type { KnownServer } from "../reaching/known-server.ts";
import { reachingWorld, targetOf } from "../reaching/reaching-world.ts";

/** All ways together have this long, ms: the slowest wait of one of them is 18 s. */
const PATIENCE = 30_000;

/** What became of one way. Times are ms since the beginning. */
export interface WayTold {
  readonly way: string;
  readonly outcome: "won" | "spare" | "failed" | "given-up" | "left-out";
  readonly startedAt?: number;
  readonly upAt?: number;
  readonly endedAt?: number;
  readonly why?: LeftOut | EndCode | string;
}

/** How a host was reached, or not. */
export interface Reached {
  readonly reached: boolean;
  /** Name of the way that won. */
  readonly way?: string;
  readonly direct?: boolean;
  readonly path?: Path;
  /** From the first packet until the host had proved who it is, ms. */
  readonly connectMs: number;
  readonly fingerprint?: string;
  /** Why not, when it was not reached. */
  readonly end?: EndCode;
  readonly detail?: string;
  readonly ways: readonly WayTold[];
}

/** Connects to a host as far as its proof, without logging in, and tells what became of each way. */
export async function reach(
  hostId: string,
  server: KnownServer,
  without: ReadonlySet<string>,
  proxy?: ProxySetting,
): Promise<Reached> {
  const world = reachingWorld(server, proxy);
  const { clock } = world;
  const begun = clock.now();
  const told = new Map<string, WayTold>();
  const since = (): number => Math.round(clock.now() - begun);
  const steps = {
    found: () => undefined,
    up: () => undefined,
    // The key is shown, not remembered: a diagnosis trusts nobody for later.
    checkKey: async () => undefined,
    way: (news: WayNews) => void told.set(news.way, next(told.get(news.way), news, since())),
  };
  const patience = AbortSignal.timeout(PATIENCE);
  try {
    const connected = await connect(targetOf(hostId, server), world, steps, patience, without);
    const connectMs = since();
    const { link, name, hostKey, reports } = connected;
    void link.close();
    const ways = [...told.values()].map((way) => settled(way, name));
    const direct = reports.some((report) => report.outcome === "won" && report.direct);
    return { reached: true, way: name, direct, path: link.path, connectMs, fingerprint: fingerprint(hostKey), ways };
  } catch (error) {
    const connectMs = since();
    const end = patience.aborted ? { code: "timed-out" as const } : endOf(error, "server");
    const detail = "detail" in end && end.detail !== undefined ? { detail: end.detail } : {};
    return { reached: false, connectMs, end: end.code, ...detail, ways: [...told.values()].map((way) => settled(way)) };
  }
}

function next(before: WayTold | undefined, news: WayNews, at: number): WayTold {
  const { way } = news;
  const times = before === undefined ? { way } : { ...before };
  switch (news.type) {
    case "tried":
      return { way, outcome: "given-up", startedAt: at };
    case "up":
      return { ...times, outcome: "given-up", upAt: at };
    case "proved":
      return { ...times, outcome: "spare", endedAt: at };
    case "failed": {
      const why = reason(news.error);
      return { ...times, outcome: why === "aborted" ? "given-up" : "failed", endedAt: at, why };
    }
    case "left-out":
      // What was tried over another call says more.
      return before ?? { way, outcome: "left-out", endedAt: at, why: news.why };
  }
}

function settled(way: WayTold, winner?: string): WayTold {
  return way.way === winner ? { ...way, outcome: "won" } : way;
}

function reason(error: unknown): string {
  return error instanceof LinkError ? error.code : endOf(error, "peer").code;
}
