import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeCompression, nodeCrypto, nodeRandom } from "@pulpit/crypto-node";
import { type Link, memoryLinks } from "@pulpit/link";
import { nodeClock } from "@pulpit/link-node";
import { encodeEndpoint, type Invitation } from "@pulpit/protocol";
import {
  decodeServerMessage,
  encodeServerMessage,
  encodeSocketAddress,
  type ServerMessage,
  type ServerMessageInit,
} from "@pulpit/wire";
import type { HostOptions, HostWorld } from "../options.ts";
import { Arrivals } from "./arrivals.ts";

const crypto = nodeCrypto();
const random = nodeRandom();
const CERTIFICATE = `sha-256 ${Array.from({ length: 32 }, () => "AB").join(":")}`;
const SDP = `v=0\r\na=fingerprint:${CERTIFICATE}\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:0\r\n`;

test("at a web address a host answers every call with the relay behind it, and tells viewers the one they know", async () => {
  const dialled: string[] = [];
  const said: ServerMessage[] = [];
  const forbidden = (): never => assert.fail("that needs another port");
  const world: HostWorld = {
    ...{ crypto, random, compression: nodeCompression(), clock: nodeClock(), openDatagrams: forbidden },
    async dial(address) {
      dialled.push(address);
      const [mine, theirs] = memoryLinks();
      void theirs.receive().then((bytes) => said.push(decodeServerMessage(bytes ?? assert.fail("nothing was said"))));
      return mine;
    },
    ways: { tcp: forbidden, udp: forbidden, ipv6: forbidden, webrtc: forbidden },
  };
  const options: HostOptions = {
    id: "123456789",
    identity: crypto.signKeyPair(random.bytes(32)),
    uuid: random.bytes(16),
    allowPlaintext: false,
    idServer: { url: "wss://id.example", host: "id.example" },
    serverKey: "the key",
  };
  const links: Promise<Link>[] = [];
  const abort = new AbortController();
  const arrivals = new Arrivals({ options, world }, (_, open) => links.push(open(abort.signal)), abort.signal);
  const socketAddr = encodeSocketAddress({ host: "192.0.2.1", port: 5000 }, 0);
  const socketAddrV6 = encodeSocketAddress({ host: "2001:db8::2", port: 6000 }, 0);
  const webrtcSdpOffer = encodeEndpoint({ type: "offer", sdp: SDP, declaresAll: true });
  const relayServer = "relay.example:21117";
  const calls: ServerMessageInit[] = [
    { case: "punchHole", value: { socketAddr, socketAddrV6, relayServer, udpPort: 4000 } },
    { case: "punchHole", value: { socketAddr, relayServer, webrtcSdpOffer } },
    { case: "fetchLocalAddr", value: { socketAddr, relayServer } },
    { case: "punchHole", value: { socketAddr } },
    { case: "requestRelay", value: { socketAddr, relayServer, uuid: "the viewer's" } },
  ];
  const told: unknown[] = [];
  for (const call of calls) {
    arrivals.invited(decodeServerMessage(encodeServerMessage(call)) as Invitation, false);
    while (links.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await links.pop();
    await new Promise((resolve) => setImmediate(resolve));
    const [answer, join] = said.splice(0);
    assert.ok(answer?.case === "relayResponse" && join?.case === "requestRelay");
    const { uuid } = answer.value;
    assert.equal(join.value.uuid, uuid === "" ? "the viewer's" : uuid);
    assert.equal(answer.value.webrtcSdpAnswer, "");
    told.push(answer.value.relayServer);
    assert.deepEqual(dialled.splice(0), ["wss://id.example/ws/id", "wss://id.example/ws/relay"]);
  }
  abort.abort();
  assert.deepEqual(told, [relayServer, relayServer, relayServer, "id.example:21117", ""]);
});
