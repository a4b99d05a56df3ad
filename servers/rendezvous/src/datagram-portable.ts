import { listenUdp, type UdpPort } from "@pulpit/link-node";
import {
  ADDRESS_BYTES,
  type DatagramCounters,
  DatagramTriage,
  type Endpoint,
  packAddress,
  REGISTER_PEER_RESPONSE,
  type TriageOptions,
} from "@pulpit/protocol";

/**
 * Reads a port the way Node does: the same answers as the thread of the fast path, one by one. `takes`: what else the
 * port drops as none of its own.
 */
export async function servePortably(options: {
  readonly port: number;
  readonly host: string | undefined;
  readonly receiveBuffer: number;
  readonly triage: TriageOptions;
  readonly counters: DatagramCounters;
  readonly now: () => number;
  readonly takes?: (data: Uint8Array) => boolean;
  readonly received: (data: Uint8Array, from: Endpoint) => void;
}): Promise<{ readonly port: number; send(data: Uint8Array, to: Endpoint): void; close(): Promise<void> }> {
  const { counters, now, received, takes = () => true } = options;
  const triage = new DatagramTriage(options.triage);
  const from = { address: new Uint8Array(ADDRESS_BYTES), at: 0, port: 0 };
  const unsent = (): void => counters.count("unsent");
  const udp: UdpPort = await listenUdp(options, (data, host, port) => {
    // The zone of a link-local address is left to the server; it is no part of what is compared here.
    const isReadable = takes(data) && packAddress(host.replace(/%.*$/, ""), from.address, 0);
    if (!isReadable) return counters.count("garbage");
    from.port = port;
    const verdict = triage.judge(data, 0, data.length, from, now());
    counters.count(verdict);
    if (verdict === "known" || verdict === "stranger")
      udp.send(REGISTER_PEER_RESPONSE[verdict], { host, port }, unsent);
    else if (verdict === "server") received(data, { host, port });
  });
  return { port: udp.port, send: (data, to) => udp.send(data, to, unsent), close: () => udp.close() };
}
