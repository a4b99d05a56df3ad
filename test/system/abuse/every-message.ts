import { encodeServerMessage, encodeSocketAddress, type ServerMessage, type ServerMessageInit } from "@pulpit/wire";

type Case = Exclude<ServerMessage["case"], undefined>;
type Value<C extends Case> = Extract<ServerMessageInit, { case: C }>["value"];

/** Where a datagram says that something should be sent. */
export interface Bait {
  readonly host: string;
  readonly port: number;
}

/** What somebody may say who wants others to be sent something. */
export interface Lie {
  /** An ID that is registered, by somebody else. */
  readonly id: string;
  /** The key of the server, as anybody may know it. */
  readonly key: string;
  readonly bait: Bait;
}

const UUID = "0f6b2c1e-57a4-4d1f-9a43-b0a6f4a0c1d2";
const key32 = new Uint8Array(32).fill(7);

/** Every message there is, with what is usually in it; a new one is an error here until it has a line. */
function typical({ id, key, bait }: Lie): { readonly [C in Case]: Value<C> } {
  const address = encodeSocketAddress(bait, 12_345);
  const text = `${bait.host}:${bait.port}`;
  const answer = { socketAddr: address, id, relayServer: text, version: "1.4.9" };
  return {
    registerPeer: { id, serial: 3 },
    registerPeerResponse: { requestPk: true },
    punchHoleRequest: { id, licenceKey: key, natType: 1, udpPort: bait.port, version: "1.4.9", socketAddrV6: address },
    punchHole: { socketAddr: address, relayServer: text, udpPort: bait.port },
    punchHoleSent: answer,
    punchHoleResponse: { socketAddr: address, relayServer: text },
    fetchLocalAddr: { socketAddr: address, relayServer: text },
    localAddr: { ...answer, localAddr: address },
    configureUpdate: { serial: 1_000_000, rendezvousServers: [text] },
    registerPk: { id, uuid: key32.subarray(0, 16), pk: key32 },
    registerPkResponse: { result: 0 },
    softwareUpdate: { url: "1.1.9" },
    requestRelay: { id, uuid: UUID, socketAddr: address, relayServer: text, secure: true, licenceKey: key },
    relayResponse: { socketAddr: address, uuid: UUID, relayServer: text, union: { case: "id", value: id } },
    testNatRequest: { serial: 0 },
    testNatResponse: { port: bait.port },
    peerDiscovery: { cmd: "ping", id },
    onlineRequest: { id, peers: [id] },
    onlineResponse: { states: key32 },
    keyExchange: { keys: [key32] },
    hc: { token: "token" },
    httpProxyRequest: { method: "GET", path: "/" },
    httpProxyResponse: { status: 200 },
    iceCandidate: { socketAddr: address, id, candidate: "candidate:1 1 udp 1 10.0.0.1 9 typ host" },
  };
}

/** The same message in all shapes that a sender who wants a long answer may try. */
export function everyMessage(lie: Lie): readonly { readonly name: string; readonly bytes: Uint8Array }[] {
  return Object.entries(typical(lie)).flatMap(([name, value]) => {
    const shapes: Readonly<Record<string, unknown>> = { minimal: {}, typical: value, odd: odd(value) };
    return Object.entries(shapes).map(([shape, contents]) => ({
      name: `${name}, ${shape}`,
      bytes: encodeServerMessage({ case: name, value: contents } as ServerMessageInit),
    }));
  });
}

/** Numbers at the end of their range, texts that are long or in no alphabet, empty lists. */
function odd(value: object): object {
  return Object.fromEntries(
    Object.entries(value).map(([field, content]) => {
      if (typeof content === "number") return [field, -2_147_483_648];
      if (typeof content === "boolean") return [field, !content];
      // An ID stays what it is: with another one, nothing would happen at all.
      if (typeof content === "string") return [field, field === "id" ? content : "\u0000\u202e😀".repeat(40)];
      if (content instanceof Uint8Array) return [field, field === "socketAddr" ? content : new Uint8Array(300)];
      if (Array.isArray(content)) return [field, Array.from({ length: 60 }, () => content[0])];
      return [field, content];
    }),
  );
}
