import type { HostUdpWay } from "@pulpit/host";
import type { Random } from "@pulpit/protocol";
import { ipv4Of, publicIpv6 } from "./addresses.ts";
import { PunchSocket } from "./udp-socket.ts";

/** The ID server is told so often, with pauses as long as stock's, ms (docs/protocol/rendezvous.md, section 4.11). */
const TELL_AT: readonly number[] = [0, 15, 35];

/** A socket for one viewer. Rejects with LinkError. */
export async function hostUdp(random: Random): Promise<HostUdpWay> {
  const socket = await PunchSocket.open(random);
  return way(socket, { host: "0.0.0.0", port: socket.port });
}

/** … over IPv6; undefined while this machine has no public address. */
export async function hostIpv6(random: Random): Promise<HostUdpWay | undefined> {
  const host = await publicIpv6();
  if (host === undefined) return undefined;
  const socket = await PunchSocket.open(random, host);
  return way(socket, { host, port: socket.port });
}

function way(socket: PunchSocket, local: HostUdpWay["local"]): HostUdpWay {
  const timers: NodeJS.Timeout[] = [];
  return {
    local,
    tell(server, message) {
      ipv4Of(server.host).then(
        (host) => {
          const to = { host, port: server.port };
          for (const pause of TELL_AT) timers.push(setTimeout(() => socket.send(message, to), pause));
        },
        // A server that can't be found has not called either.
        () => undefined,
      );
    },
    meet: (viewer, signal) => socket.meet("called", viewer, signal),
    close() {
      for (const timer of timers) clearTimeout(timer);
      socket.close();
    },
  };
}
