import type { HostWays } from "@pulpit/host";
import { answerWebRtc } from "@pulpit/link-node";
import type { IceServer, Random } from "@pulpit/protocol";
import { hostTcp } from "./host-tcp.ts";
import { hostIpv6, hostUdp } from "./host-udp.ts";
import { LIMIT } from "./limits.ts";

/** Every way on which a viewer can come to this machine. `iceServers`: for WebRTC; none are contacted by default. */
export function nodeHostWays(options: {
  readonly random: Random;
  readonly iceServers: readonly IceServer[];
}): HostWays {
  const { random, iceServers } = options;
  return {
    tcp: hostTcp,
    udp: () => hostUdp(random),
    ipv6: () => hostIpv6(random),
    webrtc: (offer, { policy, gathered, signal }) =>
      answerWebRtc(offer, { iceServers, policy, gathered, limit: LIMIT, signal }),
  };
}
