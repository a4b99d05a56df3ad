import { setTimeout as sleep } from "node:timers/promises";
import { ffmpegVideoSink } from "@pulpit/codec-ffmpeg";
import { nodeCompression, nodeCrypto, nodeRandom } from "@pulpit/crypto-node";
import { type Link, over } from "@pulpit/link";
import { nodeClock } from "@pulpit/link-node";
import { fingerprint } from "@pulpit/protocol";
import { reachByAddress, type ViewerSession, view } from "@pulpit/viewer";
import { MARKER } from "../e2e/settings.ts";
import { openLink } from "./open-link.ts";
import type { EndOrders, Seen } from "./orders.ts";
import { HOST_ID, IDENTITY, PASSWORD } from "./session-host.ts";

/** Not measured, ms: bitrate and pacing have settled by then. */
const WARM_UP = 4_000;
/** Between two clicks, ms: not in step with the pictures. */
const PAUSE = 337;
/** A click that shows no effect by then is counted with this, ms. */
const LOST_AFTER = 5_000;

/** Watches the shared desktop and clicks: `median` and `most` are the time from a click until its effect is seen. */
export async function watch(orders: EndOrders): Promise<Seen> {
  let red: boolean | undefined;
  let changed = (): void => undefined;
  let pictures = 0;
  const video = ffmpegVideoSink((_display, { width, pixels }) => {
    pictures += 1;
    const at = 4 * ((MARKER.y + MARKER.size / 2) * width + MARKER.x + MARKER.size / 2);
    const now = (pixels[at] as number) > (pixels[at + 2] as number);
    if (now === red) return;
    red = now;
    changed();
  });
  let bytes = 0;
  const dial = async (): Promise<Link> => counted(await openLink(orders), (length) => (bytes += length));
  const knownHosts = { get: async () => undefined, set: async () => undefined };
  const world = { crypto: nodeCrypto(), random: nodeRandom(), clock: nodeClock(), dial, knownHosts };
  const address = { host: orders.peer, port: 1 };
  const reach = reachByAddress({ address, allowPlaintext: false }, world, fingerprint(IDENTITY.publicKey));
  const target = { hostId: HOST_ID, serverKey: "", idServer: "", relayAddress: () => "" };
  const session = view(
    target,
    { id: "bench", name: "Bench", platform: "Linux" },
    { ...world, compression: nodeCompression(), video, reach },
    { password: PASSWORD },
  );
  await connected(session);
  await sleep(WARM_UP);
  const from = performance.now();
  const before = { bytes, pictures };
  const delays: number[] = [];
  session.movePointer(MARKER.x + MARKER.size / 2, MARKER.y + MARKER.size / 2);
  while (performance.now() < from + orders.seconds * 1000) {
    await sleep(PAUSE);
    const effect = new Promise<void>((resolve) => {
      changed = resolve;
    });
    const clicked = performance.now();
    session.button("left", true);
    session.button("left", false);
    await Promise.race([effect, sleep(LOST_AFTER)]);
    delays.push(performance.now() - clicked);
  }
  const seconds = (performance.now() - from) / 1000;
  session.close();
  delays.sort((a, b) => a - b);
  const at = (share: number): number => delays[Math.min(delays.length - 1, Math.floor(delays.length * share))] ?? 0;
  return {
    bytesPerSecond: (bytes - before.bytes) / seconds,
    pictures: pictures - before.pictures,
    median: at(0.5),
    most: at(0.95),
  };
}

function connected(session: ViewerSession): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const { phase } = session.state;
      if (phase.name === "connected") resolve();
      if (phase.name === "ended") reject(new Error(`the session ended: ${phase.end.code}`));
    };
    session.subscribe(look);
    look();
  });
}

function counted(link: Link, count: (bytes: number) => void): Link {
  return over(link, {
    async receive() {
      const message = await link.receive();
      count(message?.length ?? 0);
      return message;
    },
  });
}
