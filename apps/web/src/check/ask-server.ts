import { decodableCodecs, whyUnsupported } from "@pulpit/viewer-web";
import type { ClockFacts, DoorFacts, PageFacts } from "./facts.ts";
import { inTime } from "./in-time.ts";

/** Each question has this long, ms. */
const PATIENCE = 5_000;
/** A server that is not there behind a proxy that is hangs up within this time, ms. */
const STAYS_OPEN = 300;

export async function askPage(): Promise<PageFacts> {
  const codecs = await inTime(decodableCodecs(), PATIENCE);
  return { problem: whyUnsupported(), codecs: codecs?.map((codec) => codec.toUpperCase()) ?? [] };
}

/** Opens a WebSocket, says nothing, and closes it. */
export function askDoor(address: string, signal: AbortSignal): Promise<DoorFacts> {
  const { promise, resolve } = Promise.withResolvers<DoorFacts>();
  const begun = performance.now();
  const socket = new WebSocket(address);
  let opened: number | undefined;
  let timer = setTimeout(() => resolve({ type: "silent" }), PATIENCE);
  socket.addEventListener("open", () => {
    const ms = Math.round(performance.now() - begun);
    opened = ms;
    clearTimeout(timer);
    timer = setTimeout(() => resolve({ type: "open", ms }), STAYS_OPEN);
  });
  // Refused, unreachable and turned away look the same to a page.
  socket.addEventListener("close", () => resolve({ type: opened === undefined ? "refused" : "dropped" }));
  const abort = (): void => resolve({ type: "silent" });
  signal.addEventListener("abort", abort, { once: true });
  return promise.finally(() => {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
    socket.close();
  });
}

/** By the date that comes with every answer of a web server. */
export async function askClock(signal: AbortSignal): Promise<ClockFacts> {
  const before = Date.now();
  const request = fetch("/health", { method: "HEAD", cache: "no-store", redirect: "manual", signal });
  // Without an answer nothing is known of its clock; that it does not answer is said by the other checks.
  const answer = await inTime(
    request.catch(() => undefined),
    PATIENCE,
  );
  const now = (before + Date.now()) / 2;
  const date = Date.parse(answer?.headers.get("date") ?? "");
  // The date has whole seconds.
  return Number.isNaN(date) ? undefined : Math.round(date + 500 - now);
}
