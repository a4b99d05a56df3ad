import type { BoundLink, WebRtcConnection } from "@pulpit/link";
import { answerWebRtc, offerWebRtc, type WebRtcOptions } from "@pulpit/link-node";

/** Both ends of a connection that is being made, their candidates told to each other. */
interface Connections {
  readonly viewer: WebRtcConnection;
  readonly host: WebRtcConnection;
}

const LOOPBACK: Omit<WebRtcOptions, "gathered" | "signal"> = {
  iceServers: [],
  policy: "all",
  bindAddress: "127.0.0.1",
  limit: 16 * 1024 * 1024,
};

/** Two ends in this process, over loopback. `changed`: what is different from the usual. */
async function connections(changed: Partial<WebRtcOptions> = {}): Promise<Connections> {
  const signal = AbortSignal.timeout(120_000);
  const host = Promise.withResolvers<WebRtcConnection>();
  const early: Parameters<WebRtcConnection["add"]>[0][] = [];
  let answered = false;
  const viewer = await offerWebRtc({
    ...LOOPBACK,
    signal,
    gathered: (candidate) => void host.promise.then((other) => other.add(candidate)),
    ...changed,
  });
  const other = await answerWebRtc(viewer.description, {
    ...LOOPBACK,
    signal,
    gathered: (candidate) => (answered ? viewer.add(candidate) : early.push(candidate)),
    ...changed,
  });
  await viewer.accept(other.description);
  answered = true;
  for (const candidate of early) viewer.add(candidate);
  host.resolve(other);
  return { viewer, host: other };
}

/** The same, open. */
export async function openPair(): Promise<{ readonly viewer: BoundLink; readonly host: BoundLink }> {
  const both = await connections();
  const [viewer, host] = await Promise.all([both.viewer.opened, both.host.opened]);
  return { viewer, host };
}
