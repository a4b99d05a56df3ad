import { on } from "node:events";
import type { BoundLink, WebRtcConnection } from "@pulpit/link";
import { answerWebRtc, offerWebRtc, type WebRtcOptions } from "@pulpit/link-node";

type Candidate = Parameters<WebRtcConnection["add"]>[0];
/** What the other end tells, in its order: its description and then its candidates. */
type Told = AsyncIterator<readonly [string | Candidate]>;

/**
 * A link over WebRTC to the other end, by own addresses alone; who sends answers. The parent process carries what the
 * ends tell each other, past the lines that lose packets.
 */
export async function openWebRtc(sends: boolean, options: Pick<WebRtcOptions, "limit" | "signal">): Promise<BoundLink> {
  // Listens from here on: candidates may come before anybody asks for them.
  const told: Told = on(process, "message", { signal: options.signal }) as Told;
  const described = Promise.withResolvers<void>();
  const all: WebRtcOptions = {
    ...options,
    iceServers: [],
    policy: "all",
    gathered: (candidate) => void described.promise.then(() => tell(candidate)),
  };
  const connection = sends ? await answerWebRtc(await description(told), all) : await offerWebRtc(all);
  tell(connection.description);
  described.resolve();
  if (!sends) await connection.accept(await description(told));
  const adding = addCandidates(connection, told);
  const link = await connection.opened;
  await told.return?.();
  await adding;
  return link;
}

async function description(told: Told): Promise<string> {
  const { value } = await told.next();
  if (typeof value?.[0] !== "string") throw new Error("the other end did not describe itself");
  return value[0];
}

/** Until nobody wants to be told any more. */
async function addCandidates(connection: WebRtcConnection, told: Told): Promise<void> {
  for (let next = await told.next(); !next.done; next = await told.next()) {
    const [candidate] = next.value;
    if (typeof candidate !== "string") connection.add(candidate);
  }
}

function tell(what: string | Candidate): void {
  if (process.send === undefined) throw new Error("nobody carries what the other end must know");
  process.send(what);
}
