import { type DatagramSocket, datagrams, drive, LinkError, merged, type Source } from "@pulpit/link";
import { nodeClock, openUdp } from "@pulpit/link-node";
import {
  type NatFindings,
  NatProbe,
  type NatProbeEffect,
  type NatProbeInput,
  type NatSocket,
  type Random,
  type ServerAddress,
  TRANSACTION_BYTES,
} from "@pulpit/protocol";
import { ipv4Of, localTowards } from "./addresses.ts";

const NOTHING: NatFindings = { translation: "unknown", mapping: "unknown", filtering: "unknown" };

/**
 * What is done with the ports of this machine's datagrams on the way to an ID server, over IPv4; asked of two UDP ports
 * of the server, from two fresh sockets here. It takes as long as `NatProbe` does.
 */
export async function natTowards(server: ServerAddress, random: Random): Promise<NatFindings> {
  await using stack = new AsyncDisposableStack();
  const opened = async (): Promise<DatagramSocket> =>
    stack.adopt(await openUdp({ port: 0 }), (socket) => socket.close());
  let host: string;
  let sockets: Readonly<Record<NatSocket, DatagramSocket>>;
  try {
    host = await ipv4Of(server.host);
    sockets = { asking: await opened(), waiting: await opened() };
  } catch (error) {
    if (error instanceof LinkError) return NOTHING;
    throw error;
  }
  const own = await localTowards(host);
  if (own === undefined) return NOTHING;
  const transaction = (): Uint8Array => random.bytes(TRANSACTION_BYTES);
  const received = (socket: NatSocket): Source<NatProbeInput> =>
    datagrams(sockets[socket], ({ from, data }) => ({ type: "received", socket, from, data }));
  return await drive<NatProbeInput, Exclude<NatProbeEffect, { type: "finish" }>, NatFindings>(
    new NatProbe({
      server: { host, port: server.port },
      local: { host: own, port: sockets.asking.localPort },
      transactions: [transaction(), transaction(), transaction()],
    }),
    { type: "start" },
    {
      source: merged(received("asking"), received("waiting")),
      clock: nodeClock(),
      perform: ({ socket, port, data }) => sockets[socket].send(data, { host, port }),
    },
  );
}
