import { isSameEndpoint } from "../endpoint.ts";
import type { Filtering, Mapping } from "../nat/behaviours.ts";
import { OBSERVER_PORTS } from "../observer/question.ts";
import { AskingSocket } from "./asking.ts";
import type { Probe, ProbeOrder } from "./orders.ts";

const [PORT, OTHER_PORT] = OBSERVER_PORTS;

/** Finds out how UDP is translated and filtered between here and a server with two addresses. */
export async function probe({ servers: [server, other], localPort }: ProbeOrder): Promise<Probe> {
  const [mapping, filtering] = await Promise.all([probeMapping(server, other, localPort), probeFiltering(server)]);
  return mapping === undefined || filtering === undefined
    ? { type: "blocked" }
    : { type: "open", ...mapping, filtering };
}

type Open = Extract<Probe, { type: "open" }>;

/** RFC 5780, section 4.3: one socket asks three endpoints what it looks like. */
async function probeMapping(
  server: string,
  other: string,
  localPort?: number,
): Promise<Pick<Open, "mapping" | "outer"> | undefined> {
  const socket = await AskingSocket.open(server, localPort);
  const { answer: outer } = await socket.ask({ address: server, port: PORT }, "here");
  const { answer: atOtherPort } = await socket.ask({ address: server, port: OTHER_PORT }, "here");
  const { answer: atOtherAddress } = await socket.ask({ address: other, port: PORT }, "here");
  socket.close();
  if (outer === undefined || atOtherPort === undefined || atOtherAddress === undefined) return undefined;
  return { mapping: mappingOf(isSameEndpoint(outer, atOtherPort), isSameEndpoint(outer, atOtherAddress)), outer };
}

function mappingOf(samePort: boolean, sameAddress: boolean): Mapping {
  if (!samePort) return "address-and-port-dependent";
  return sameAddress ? "endpoint-independent" : "address-dependent";
}

/** RFC 5780, section 4.4: a socket that has only spoken to one endpoint is answered from others. */
async function probeFiltering(server: string): Promise<Filtering | undefined> {
  const socket = await AskingSocket.open(server);
  const endpoint = { address: server, port: PORT };
  const before = await socket.ask(endpoint, "here");
  const [fromOtherAddress, fromOtherPort] = await Promise.all([
    socket.ask(endpoint, "other-address"),
    socket.ask(endpoint, "other-port"),
  ]);
  // That nothing came means something only while the way is open, and when what came after it has come.
  const after = await socket.ask(endpoint, "here");
  socket.close();
  if (before.answer === undefined || after.answer === undefined) return undefined;
  if (fromOtherAddress.answer !== undefined) return "endpoint-independent";
  return fromOtherPort.answer === undefined ? "address-and-port-dependent" : "address-dependent";
}
