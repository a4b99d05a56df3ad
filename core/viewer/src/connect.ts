import { type AttemptReport, type Clock, LinkError, Race, RaceLost } from "@pulpit/link";
import type { ConnectWorld } from "./connect-world.ts";
import { Ended } from "./end.ts";
import { callForRelay, callForTcp, callForUdpAndWebRtc } from "./paths/calls.ts";
import { Meeting } from "./paths/meeting.ts";
import type { SecuredWay } from "./paths/secured.ts";
import type { WayNews } from "./paths/way-news.ts";
import type { ViewerTarget } from "./viewer.ts";

/** A relayed connection waits this long for a direct one, ms: a picture soon is better than a better path late. */
const WAIT_FOR_DIRECT = 1_000;
/** A host that has answered none of the calls by then is asked to the relay as well, ms: that needs least of its network. */
const ANSWER_WITHIN = 1_500;

/** What the person may be told while it lasts. */
export interface ConnectSteps {
  /** The host was found, and ways to it are tried. */
  readonly found: () => void;
  /** A way is open; the host has to prove who it is. May be called more than once. */
  readonly up: () => void;
  /** Asked before anything is dialled; throws to stop. */
  readonly checkKey: (hostKey: Uint8Array) => Promise<void>;
  /** Told as it happens, for a diagnosis. */
  readonly way?: (news: WayNews) => void;
}

/** Connected, encrypted, the host's identity proved. */
export interface Connected extends SecuredWay {
  /** What became of each way. */
  readonly reports: readonly AttemptReport[];
}

/**
 * From an ID to an encrypted link: asks the ID server and tries every way at once, each up to the host's proof of who it
 * is. A direct way wins; the relay is there for when there is none.
 * `avoid`: names of ways that have just failed. @throws Ended, LinkError, ProtocolError, WireError
 */
export async function connect(
  target: ViewerTarget,
  world: ConnectWorld,
  steps: ConnectSteps,
  signal: AbortSignal,
  avoid: ReadonlySet<string> = new Set(),
): Promise<Connected> {
  const race = new Race<SecuredWay>({
    clock: world.clock,
    window: WAIT_FOR_DIRECT,
    discard: ({ link }) => void link.close(),
  });
  const calls = new AbortController();
  const aborted = (): LinkError => new LinkError("aborted", "aborted", { cause: signal.reason });
  const abort = (): void => {
    race.fail(aborted());
    calls.abort();
  };
  if (signal.aborted) throw aborted();
  signal.addEventListener("abort", abort, { once: true });
  const meeting = new Meeting({ target, world, steps, race, signal: calls.signal, avoid });
  const { ways } = world;
  const direct = ways !== undefined && target.relayOnly !== true;
  const asked: Promise<void>[] = [];
  if (direct && (ways.udp !== undefined || ways.webrtc !== undefined)) asked.push(callForUdpAndWebRtc(meeting, ways));
  if (direct && ways.tcp !== undefined && !avoid.has("tcp")) asked.push(callForTcp(meeting, ways.tcp));
  if (asked.length === 0) asked.push(callForRelay(meeting));
  else asked.push(callForRelayLater(meeting, [...asked], world.clock));
  void Promise.allSettled(asked).then((outcomes) => {
    // One call that led somewhere is enough: the others' failures are theirs.
    const failures = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason as unknown] : []));
    if (failures.length === outcomes.length) race.fail(failures[0]);
    else meeting.complete();
  });
  try {
    const { way, reports } = await race.result;
    return { ...way, reports };
  } catch (error) {
    throw error instanceof RaceLost ? reasonOf(error) : error;
  } finally {
    signal.removeEventListener("abort", abort);
    calls.abort();
  }
}

/** Resolves once one of the others was answered, or after asking for the relay because none was. */
async function callForRelayLater(meeting: Meeting, others: readonly Promise<void>[], clock: Clock): Promise<void> {
  const late = Promise.withResolvers<"late">();
  const cancel = clock.alarm(clock.now() + ANSWER_WITHIN, () => late.resolve("late"));
  try {
    if ((await Promise.race([late.promise, Promise.any(others)])) !== "late") return;
  } finally {
    cancel();
  }
  await callForRelay(meeting);
}

/** An impostor on any way is worse news than a relay that failed. */
function reasonOf({ reports }: RaceLost): unknown {
  const errors = reports.flatMap(({ error }) => (error === undefined ? [] : [error]));
  const identity = errors.find((error) => error instanceof Ended && error.end.code === "bad-identity");
  return (
    identity ??
    errors.findLast((error) => error instanceof Ended) ??
    errors.at(-1) ??
    new Ended({ code: "relay-failed" })
  );
}
