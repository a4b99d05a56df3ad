import { type AttemptReport, LinkError, type LinkErrorCode } from "@pulpit/link";
import { ProtocolError } from "@pulpit/protocol";
import { WireError } from "@pulpit/wire";
import { Ended } from "./end.ts";
import type { Ways } from "./ports/ways.ts";
import type { WayFailure, WayName, WayOutcome, WayReport } from "./state.ts";
import type { ViewerTarget, ViewerWorld } from "./viewer.ts";

/** Under which names a way of the platform is reported: the host decides which of them it becomes. */
const NAMES: Readonly<Record<keyof Ways, readonly WayName[]>> = {
  tcp: ["tcp", "lan"],
  udp: ["udp", "ipv6"],
  webrtc: ["webrtc"],
};

/** In the order they are shown. */
const ORDER: readonly WayName[] = ["lan", "tcp", "udp", "ipv6", "webrtc", "relay"];

const OF_LINKS: Readonly<Record<LinkErrorCode, WayFailure>> = {
  refused: "refused",
  unreachable: "unreachable",
  "not-found": "unreachable",
  "timed-out": "timed-out",
  reset: "broke-off",
  closed: "broke-off",
  aborted: "broke-off",
  "too-large": "violated",
  malformed: "violated",
  "wrong-key": "bad-identity",
};

type World = Pick<ViewerWorld, "ways">;

/** The ways that a connection will be attempted on. */
export function waysTried(target: ViewerTarget, world: World): readonly WayName[] {
  return target.relayOnly === true ? ["relay"] : [...available(world), "relay"];
}

/** What became of each way, as plain data. `reports`: of a race that was won. `avoid`: names that broke before it. */
export function wayReports(
  reports: readonly AttemptReport[],
  target: ViewerTarget,
  world: World,
  avoid: ReadonlySet<string> = new Set(),
): readonly WayReport[] {
  const direct = reports.some((report) => report.outcome === "won" && report.direct);
  const found = new Map<WayName, WayReport>();
  for (const report of reports) {
    const name = ORDER.find((known) => known === report.name);
    // One way may have been tried twice, over two calls; where one of them won, that counts.
    if (name !== undefined && found.get(name)?.outcome !== "won") found.set(name, told(name, report, direct));
  }
  const otherwise: WayOutcome = target.relayOnly === true ? "not-wanted" : direct ? "not-needed" : "not-offered";
  for (const way of available(world)) {
    const broken = NAMES[way].find((name) => avoid.has(name) && !found.has(name));
    if (broken !== undefined) found.set(broken, { name: broken, outcome: "failed", failure: "broke-off" });
    else if (!NAMES[way].some((name) => found.has(name))) found.set(way, { name: way, outcome: otherwise });
  }
  if (!found.has("relay")) found.set("relay", { name: "relay", outcome: "not-needed" });
  return ORDER.flatMap((name) => found.get(name) ?? []);
}

function available({ ways }: World): readonly (keyof Ways)[] {
  const all: readonly (keyof Ways)[] = ["tcp", "udp", "webrtc"];
  return all.filter((way) => ways?.[way] !== undefined);
}

function told(name: WayName, report: AttemptReport, direct: boolean): WayReport {
  if (report.outcome === "won") return { name, outcome: "won" };
  if (report.outcome === "given-up") return { name, outcome: direct ? "not-needed" : "too-slow" };
  const failure = failureOf(report.error);
  return failure === undefined ? { name, outcome: "failed" } : { name, outcome: "failed", failure };
}

function failureOf(error: unknown): WayFailure | undefined {
  if (error instanceof LinkError) return OF_LINKS[error.code];
  if (error instanceof ProtocolError) return error.code === "timeout" ? "timed-out" : "violated";
  if (error instanceof WireError) return "violated";
  if (!(error instanceof Ended)) return undefined;
  const { code } = error.end;
  return code === "bad-identity" || code === "refused" ? code : "unreachable";
}
