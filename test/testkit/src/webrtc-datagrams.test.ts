import { nodeRandom } from "@pulpit/crypto-node";
import { type BoundLink, type Link, movingToDatagrams } from "@pulpit/link";
import { nodeClock } from "@pulpit/link-node";
import { linkCompliance } from "./link-compliance.ts";
import { openPair } from "./webrtc-pair.ts";

const moving = (link: BoundLink, role: "caller" | "called"): Link => {
  if (link.openDatagrams === undefined) throw new Error("no datagrams");
  return movingToDatagrams(link, link.openDatagrams, { role, clock: nodeClock(), random: nodeRandom() });
};

linkCompliance("WebRTC that moves to datagrams", async () => {
  const { viewer, host } = await openPair();
  const [a, b] = [moving(viewer, "caller"), moving(host, "called")];
  return { a, b, [Symbol.asyncDispose]: async () => void (await Promise.all([a.close(), b.close()])) };
});
