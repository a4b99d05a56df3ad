import { once } from "node:events";
import { connect } from "node:net";
import { nodeRandom } from "@pulpit/crypto-node";
import { type BoundLink, framed, type Link, movingToDatagrams } from "@pulpit/link";
import { dialKcp, listenTcp, nodeClock, openKcpSocket, socketStream } from "@pulpit/link-node";
import { openWebRtc } from "./open-webrtc.ts";
import type { EndOrders } from "./orders.ts";

const PORT = 7000;
/** Largest message taken, bytes. */
const LIMIT = 1024 * 1024;
/** Programs start slowly on a busy machine, ms. */
const OPEN_WITHIN = 20_000;

/** The link to the other end. Who sends is the called one, as hosts are. */
export function openLink({ transport, sends, peer }: EndOrders): Promise<Link> {
  switch (transport) {
    case "kcp":
      return openKcp(sends, peer);
    case "webrtc":
      return openMoving(sends);
    case "channel":
      return openChannel(sends);
    case "cubic":
    case "bbr":
      return sends ? heldOut() : dialled(peer);
  }
}

function openChannel(sends: boolean): Promise<BoundLink> {
  return openWebRtc(sends, { limit: LIMIT, signal: AbortSignal.timeout(OPEN_WITHIN) });
}

async function openMoving(sends: boolean): Promise<Link> {
  const link = await openChannel(sends);
  if (link.openDatagrams === undefined) throw new Error("no datagrams here");
  const world = { clock: nodeClock(), random: nodeRandom() };
  return movingToDatagrams(link, link.openDatagrams, { role: sends ? "called" : "caller", ...world });
}

async function openKcp(sends: boolean, peer: string): Promise<Link> {
  const socket = await openKcpSocket({ port: PORT });
  const role = sends ? "called" : "caller";
  const signal = AbortSignal.timeout(OPEN_WITHIN);
  return framed(await dialKcp(socket, { role, peer: { host: peer, port: PORT }, random: nodeRandom(), signal }), LIMIT);
}

async function heldOut(): Promise<Link> {
  const { promise, resolve } = Promise.withResolvers<Link>();
  await listenTcp({ host: undefined, port: PORT, maxConnections: 1 }, (socket) =>
    resolve(framed(socketStream(socket, "direct"), LIMIT)),
  );
  return promise;
}

/** The other end may not be there yet. */
async function dialled(peer: string): Promise<Link> {
  for (;;) {
    const socket = connect(PORT, peer);
    try {
      await once(socket, "connect");
      return framed(socketStream(socket, "direct"), LIMIT);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
