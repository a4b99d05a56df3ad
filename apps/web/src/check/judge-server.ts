import type { ClockFacts, DoorFacts, PageFacts } from "./facts.ts";
import type { Verdict } from "./outcomes.ts";

/** A connection that takes longer to open is felt, ms. */
const SLOW = 1_000;
/** A code of the second factor lasts so long; from then on a wrong clock shows, ms. */
const CLOCK_MATTERS = 30_000;

export function pageVerdict({ problem, codecs }: PageFacts): Verdict {
  if (problem === "insecure-context") return { outcome: "page-insecure" };
  if (problem === "no-webcodecs") return { outcome: "page-old" };
  return codecs.length === 0 ? { outcome: "page-no-video" } : { outcome: "page-good", codecs };
}

export function doorVerdict(door: "id" | "relay", facts: DoorFacts): Verdict {
  if (facts.type !== "open") return { outcome: `${door}-${facts.type}` };
  return { outcome: facts.ms > SLOW ? "answers-slowly" : "answers", ms: facts.ms };
}

export function clockVerdict(serverAhead: ClockFacts): Verdict {
  if (serverAhead === undefined) return { outcome: "clock-untold" };
  const secondsApart = Math.round(Math.abs(serverAhead) / 1000);
  if (Math.abs(serverAhead) <= CLOCK_MATTERS) return { outcome: "clock-right", secondsApart };
  return { outcome: serverAhead > 0 ? "clock-behind" : "clock-ahead", secondsApart };
}
