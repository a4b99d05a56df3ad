import { setTimeout as later } from "node:timers";
import { setTimeout } from "node:timers/promises";
import type { HostUdpWay } from "@pulpit/host";
import { LinkError } from "@pulpit/link";
import type { Random } from "@pulpit/protocol";
import { hasIpv4, ipv4Of, publicIpv6 } from "./addresses.ts";
import { PunchSocket } from "./udp-socket.ts";

/** The ID server is told so often, with pauses as long as stock's, ms (docs/protocol/rendezvous.md, section 4.11). */
const TELL_AT: readonly number[] = [0, 15, 35];
/**
 * The first knock goes out so much later, ms: about when the viewer, who hears of us through the server, knocks too. A
 * router that answers a stranger's knock keeps it in mind, and gives its own side's knock another port after that.
 */
const KNOCK_AFTER = 30;

/** A socket for one viewer. Rejects with LinkError, also where there is no IPv4. */
export async function hostUdp(random: Random): Promise<HostUdpWay> {
  if (!(await hasIpv4())) throw new LinkError("unreachable", "no IPv4 here");
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
          for (const wait of TELL_AT) timers.push(later(() => socket.send(message, to), wait));
        },
        // A server that can't be found has not called either.
        () => undefined,
      );
    },
    async meet(viewer, signal) {
      await pause(KNOCK_AFTER, signal);
      return socket.meet("called", viewer, signal);
    },
    close() {
      for (const timer of timers) clearTimeout(timer);
      socket.close();
    },
  };
}

async function pause(duration: number, signal: AbortSignal): Promise<void> {
  try {
    await setTimeout(duration, undefined, { signal });
  } catch (cause) {
    throw new LinkError("aborted", "aborted", { cause });
  }
}
