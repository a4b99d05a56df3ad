import type { Link } from "@pulpit/link";
import type { ViewerWays } from "@pulpit/protocol";
import type { SocketAddress } from "@pulpit/wire";
import type { TcpWay, UdpWay, Ways } from "../ports/ways.ts";
import { type Introduced, introduce } from "./introduce.ts";
import type { Meeting } from "./meeting.ts";
import { Offering } from "./signalling.ts";

const NONE: ViewerWays = { relayOnly: false, udpPort: 0, webrtc: "", tcp: false };

/** The only way is the relay, on purpose or because this platform has no other. */
export async function callForRelay(meeting: Meeting): Promise<void> {
  await onServer(meeting, async (server) => {
    const answer = await asked(meeting, server, { ...NONE, relayOnly: true }, []);
    const hostKey = await meeting.vouched(answer);
    if (answer.type === "relay") meeting.relayed(answer.relayServer, answer, hostKey);
    else meeting.relayNow(answer.relayServer, hostKey);
  });
}

/** A connection dialled by this viewer, from the very port it calls the ID server from. */
export async function callForTcp(meeting: Meeting, open: NonNullable<Ways["tcp"]>): Promise<void> {
  const { target, signal } = meeting;
  const way = await open(target.idServer, signal).catch((error: unknown) => {
    meeting.leftOut("tcp", "no-socket");
    throw error;
  });
  const closed = (): void => void way.server.close();
  signal.addEventListener("abort", closed, { once: true });
  const answer = await asked(meeting, way.server, { ...NONE, tcp: true }, ["tcp"]);
  const hostKey = await meeting.vouched(answer);
  if (answer.type === "relay") {
    meeting.leftOut("tcp", "host-relays");
    closed();
    meeting.relayed(answer.relayServer, answer, hostKey);
    return;
  }
  dialled(meeting, way, answer, hostKey);
  meeting.relayLater(answer.relayServer, hostKey);
}

/** A hole for UDP and a WebRTC offer, in one call: whichever the host can. */
export async function callForUdpAndWebRtc(meeting: Meeting, ways: Ways): Promise<void> {
  const { target, world, signal } = meeting;
  const udp = await openUdp(meeting, ways);
  // The call and what is put into it are made ready at the same time.
  const preparing = openOffer(meeting, ways);
  let server: Link;
  try {
    server = await world.dial(udp?.server ?? target.idServer, { route: "server", signal });
  } catch (error) {
    udp?.close();
    void preparing.then((offering) => offering?.close());
    throw error;
  }
  // Candidates go on coming on this connection: it stays open until the race is over.
  const hangUp = (): void => void server.close();
  if (signal.aborted) hangUp();
  else signal.addEventListener("abort", hangUp, { once: true });
  const [port, offering] = await Promise.all([udp?.port ?? 0, preparing]);
  const done = (): void => {
    udp?.close();
    offering?.close();
  };
  if (udp !== undefined && port === 0) meeting.leftOut("udp", "server-silent");
  const own: ViewerWays = {
    relayOnly: false,
    tcp: false,
    udpPort: port,
    webrtc: offering?.endpoint ?? "",
    ...(udp?.ipv6 === undefined ? {} : { ipv6: udp.ipv6 }),
  };
  const waiting = [
    ...(own.udpPort > 0 ? ["udp"] : []),
    ...(own.ipv6 === undefined ? [] : ["ipv6"]),
    ...(own.webrtc === "" ? [] : ["webrtc"]),
  ];
  try {
    const answer = await asked(meeting, server, own, waiting);
    const hostKey = await meeting.vouched(answer);
    if (answer.type === "relay") meeting.relayed(answer.relayServer, answer, hostKey);
    else meeting.relayLater(answer.relayServer, hostKey);
    if (udp !== undefined) punched(meeting, udp, port, answer, hostKey);
    if (offering === undefined) return;
    const { webrtc } = answer.ways;
    if (webrtc !== "") meeting.webrtc(hostKey, (ends) => offering.open(webrtc, server, target.hostId, ends));
    else {
      meeting.leftOut("webrtc", "not-offered");
      offering.close();
    }
  } catch (error) {
    done();
    throw error;
  }
}

function punched(meeting: Meeting, udp: UdpWay, port: number, answer: Introduced, hostKey: Uint8Array): void {
  const { ipv6 } = answer.ways;
  const tried = (name: string, host: SocketAddress): void =>
    meeting.direct(name, hostKey, (signal) => udp.punch(host, signal));
  if (answer.type === "direct" && answer.transport === "udp") tried("udp", answer.address);
  else if (port > 0) meeting.leftOut("udp", answer.type === "relay" ? "host-relays" : "not-offered");
  if (ipv6 !== undefined && udp.ipv6 !== undefined) tried("ipv6", ipv6);
  else if (udp.ipv6 !== undefined) meeting.leftOut("ipv6", "not-offered");
  // Where the answer was one for TCP, the host waits there.
  if (answer.type === "direct" && answer.transport === "tcp" && answer.local) {
    meeting.direct("lan", hostKey, (signal) =>
      meeting.world.dial(addressText(answer.address), { route: "direct", signal }),
    );
  }
}

function dialled(meeting: Meeting, way: TcpWay, answer: Introduced & { type: "direct" }, hostKey: Uint8Array): void {
  meeting.direct(answer.local ? "lan" : "tcp", hostKey, (signal) => way.dial(answer.address, signal));
}

async function openUdp(meeting: Meeting, ways: Ways): Promise<UdpWay | undefined> {
  const { target, signal, avoid } = meeting;
  if (ways.udp === undefined || (avoid.has("udp") && avoid.has("ipv6"))) return undefined;
  try {
    const way = await ways.udp(target.idServer, signal);
    if (way.ipv6 === undefined) meeting.leftOut("ipv6", "no-socket");
    return way;
  } catch {
    // No socket, or no way out for UDP: the other ways are not worse for it.
    meeting.leftOut("udp", "no-socket");
    return undefined;
  }
}

async function openOffer(meeting: Meeting, ways: Ways): Promise<Offering | undefined> {
  const { world, target, signal, avoid } = meeting;
  if (ways.webrtc === undefined || avoid.has("webrtc")) return undefined;
  let offering: Offering | undefined;
  const early: Parameters<Offering["gathered"]>[0][] = [];
  try {
    const connection = await ways.webrtc({
      gathered: (candidate) => (offering === undefined ? early.push(candidate) : offering.gathered(candidate)),
      signal,
    });
    offering = new Offering(connection, world, isLoopback(target.idServer));
    for (const candidate of early) offering.gathered(candidate);
    return offering;
  } catch {
    meeting.leftOut("webrtc", "no-socket");
    return undefined;
  }
}

async function onServer(meeting: Meeting, work: (server: Link) => Promise<void>): Promise<void> {
  const { target, world, signal } = meeting;
  const server = await world.dial(target.idServer, { route: "server", signal });
  try {
    await work(server);
  } finally {
    void server.close();
  }
}

/** `waiting`: ways that depend on the answer. */
async function asked(
  meeting: Meeting,
  server: Link,
  ways: ViewerWays,
  waiting: readonly string[],
): Promise<Introduced> {
  const { target, world, signal } = meeting;
  try {
    return await introduce(server, target, ways, world, signal);
  } catch (error) {
    for (const way of waiting) meeting.leftOut(way, "not-answered");
    throw error;
  }
}

function addressText({ host, port }: SocketAddress): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Whether the ID server is on this very machine; then the host may be too. */
function isLoopback(server: string): boolean {
  const host = server.replace(/^wss?:\/\//, "");
  return /^(localhost|127\.|\[::1\]|\[0:0:0:0:0:0:0:1\])/.test(host);
}
