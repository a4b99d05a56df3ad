import { nodeCrypto, nodeRandom } from "@pulpit/crypto-node";
import { type Dial, encryptedServerLink, type Link, LinkError } from "@pulpit/link";
import { nodeClock, openUdp, type ProxySetting, dial as plainDial, proxyDial } from "@pulpit/link-node";
import { formatServerAddress, publicKeyOf, type ServerAddress } from "@pulpit/protocol";
import { decodeServerMessage, encodeServerMessage, WireError } from "@pulpit/wire";
import type { KnownServer } from "../reaching/known-server.ts";
import { type TlsTrouble, tlsTroubleIn } from "./tls-trouble.ts";

/** Each port has this long, ms. */
const PATIENCE = 4_000;
/** A datagram is sent so often, each after a pause as long as this, ms: some get lost. */
const ASK_EVERY = 250;

/** What is behind a port, for the person. */
export type Purpose = "id" | "id-datagrams" | "nat-test" | "id-websocket" | "relay" | "relay-websocket";

export interface PortCheck {
  readonly purpose: Purpose;
  /** `host:port`, or a URL. */
  readonly address: string;
  readonly transport: "tcp" | "udp" | "websocket";
  /** `open`, or why not. */
  readonly outcome: "open" | "silent" | TlsTrouble | LinkError["code"];
  /** Until the answer, ms. */
  readonly ms: number;
}

/** Whether whoever answers has the key that was given. */
export type KeyCheck =
  | "proved"
  | "wrong-key"
  /** A stock server encrypts no connection; then the key shows only in its answers about hosts. */
  | "not-offered"
  | "not-reached"
  /** On a WebSocket it is the certificate that counts. */
  | "not-asked";

export interface ServerChecks {
  readonly ports: readonly PortCheck[];
  readonly key: KeyCheck;
  /** By how much its clock is ahead of this one's, ms, as far as its web server says; a second more or less. */
  readonly clockAheadMs?: number;
}

/**
 * Knocks at every port a client of this server needs. `relay`: where it is, when the owner named one. Through a proxy go
 * no datagrams, and its time is not the server's.
 */
export async function checkServer(
  server: KnownServer,
  relay: ServerAddress | undefined,
  proxy?: ProxySetting,
): Promise<ServerChecks> {
  const dial = proxy === undefined ? plainDial : proxyDial(proxy);
  const stream = (purpose: Purpose, transport: PortCheck["transport"], to: string): Promise<PortCheck> =>
    streamCheck(dial, { purpose, transport, address: to });
  const clockAhead = proxy === undefined ? clockOf : async () => ({});
  const byUrl = (purpose: Purpose, url: string): Promise<PortCheck> => stream(purpose, "websocket", url);
  if (server.type === "websocket") {
    const urls = { id: `${server.url}/ws/id`, relay: `${server.url}/ws/relay` };
    const [ports, clock] = await Promise.all([
      Promise.all([byUrl("id-websocket", urls.id), byUrl("relay-websocket", urls.relay)]),
      clockAhead(server.url.replace(/^ws/, "http")),
    ]);
    return { ports, key: "not-asked", ...clock };
  }
  const { address, key } = server;
  const at = (port: number): ServerAddress => ({ host: address.host, port });
  const main = address.port;
  const relayAt = relay ?? at(main + 1);
  const socket = (purpose: Purpose, to: ServerAddress): Promise<PortCheck> =>
    stream(purpose, "tcp", formatServerAddress(to));
  const web = (to: ServerAddress): string => `ws://${formatServerAddress(to)}`;
  const [ports, proof, clock] = await Promise.all([
    Promise.all([
      socket("id", address),
      ...(proxy === undefined ? [datagrams(address)] : []),
      socket("nat-test", at(main - 1)),
      byUrl("id-websocket", web(at(main + 2))),
      socket("relay", relayAt),
      byUrl("relay-websocket", web({ host: relayAt.host, port: relayAt.port + 2 })),
    ]),
    proofOf(dial, address, key),
    clockAhead(`http://${formatServerAddress(at(main + 2))}`),
  ]);
  return { ports, key: proof, ...clock };
}

async function streamCheck(dial: Dial, port: Pick<PortCheck, "purpose" | "transport" | "address">): Promise<PortCheck> {
  const begun = performance.now();
  const ended = (outcome: PortCheck["outcome"]): PortCheck => ({
    ...port,
    outcome,
    ms: Math.round(performance.now() - begun),
  });
  try {
    const link = await dial(port.address, { route: "server", signal: AbortSignal.timeout(PATIENCE) });
    void link.close();
    return ended("open");
  } catch (error) {
    return ended(codeOf(error));
  }
}

/** Asks by datagram for the own port; stock servers do not answer that. */
async function datagrams(to: ServerAddress): Promise<PortCheck> {
  const begun = performance.now();
  const ended = (outcome: PortCheck["outcome"]): PortCheck => ({
    ...{ purpose: "id-datagrams", address: formatServerAddress(to), transport: "udp", outcome },
    ms: Math.round(performance.now() - begun),
  });
  let socket: Awaited<ReturnType<typeof openUdp>>;
  try {
    socket = await openUdp({ port: 0, peer: to, ipv6: to.host.includes(":") });
  } catch (error) {
    return ended(codeOf(error));
  }
  const question = encodeServerMessage({ case: "testNatRequest", value: {} });
  const ask = (): void => socket.send(question, to);
  const asking = setInterval(ask, ASK_EVERY);
  const late = setTimeout(() => void socket.close(), PATIENCE);
  ask();
  try {
    for (let got = await socket.receive(); got !== undefined; got = await socket.receive()) {
      if (isNatTestAnswer(got.data)) return ended("open");
    }
    return ended("silent");
  } finally {
    clearInterval(asking);
    clearTimeout(late);
    await socket.close();
  }
}

function isNatTestAnswer(data: Uint8Array): boolean {
  try {
    return decodeServerMessage(data).case === "testNatResponse";
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return false;
  }
}

async function proofOf(dial: Dial, address: ServerAddress, text: string): Promise<KeyCheck> {
  const serverKey = publicKeyOf(text);
  if (serverKey === undefined) return "wrong-key";
  let link: Link | undefined;
  try {
    link = await dial(formatServerAddress(address), { route: "server", signal: AbortSignal.timeout(PATIENCE) });
    const world = { crypto: nodeCrypto(), random: nodeRandom(), clock: nodeClock() };
    await encryptedServerLink(link, { ...world, serverKey, beaten: () => undefined });
    return "proved";
  } catch (error) {
    if (link === undefined) return "not-reached";
    return error instanceof LinkError && error.code === "wrong-key" ? "wrong-key" : "not-offered";
  } finally {
    void link?.close();
  }
}

/** By the date that comes with every answer of a web server; the page itself is of no interest. */
async function clockOf(url: string): Promise<{ readonly clockAheadMs?: number }> {
  try {
    const before = Date.now();
    const answer = await fetch(url, { method: "HEAD", redirect: "manual", signal: AbortSignal.timeout(PATIENCE) });
    const now = (before + Date.now()) / 2;
    const date = Date.parse(answer.headers.get("date") ?? "");
    // The date has whole seconds.
    return Number.isNaN(date) ? {} : { clockAheadMs: Math.round(date + 500 - now) };
  } catch {
    // Without an answer nothing is known of its clock; that it does not answer is said by the ports.
    return {};
  }
}

function codeOf(error: unknown): PortCheck["outcome"] {
  if (!(error instanceof LinkError)) throw error;
  const trouble = tlsTroubleIn(error);
  if (trouble !== undefined) return trouble;
  return error.code === "aborted" ? "timed-out" : error.code;
}
