import assert from "node:assert/strict";
import { test } from "node:test";
import type { ServerMessageInit } from "@pulpit/wire";
import { HOST, ID, IdServer, onStream, told, VIEWER } from "../../test/id-server.ts";

const FINGERPRINT = "sha-256 A0:A1:A2";
const OFFER = `webrtc://${btoa(JSON.stringify({ type: "offer", sdp: `v=0\r\na=fingerprint:${FINGERPRINT}\r\nm=application 9\r\n` }))}`;
const VERSION = "1.5.0";

/** A viewer on connection 1 has called the host with an offer; what the host answers by. */
function called(): { server: IdServer; socketAddr: Uint8Array } {
  const server = new IdServer({ requiredKey: undefined });
  server.register();
  const request = { id: ID, webrtcSdpOffer: OFFER };
  const [call] = server.answers({ case: "punchHoleRequest", value: request }, onStream(VIEWER, 1));
  assert.ok(call?.case === "punchHole");
  return { server, socketAddr: call.value.socketAddr };
}

const candidate = (value: object): ServerMessageInit => ({
  case: "iceCandidate",
  value: { sessionKey: FINGERPRINT, candidate: "candidate:1 1 udp 1 192.0.2.1 5 typ host", ...value },
});

test("candidates go both ways within a call, before and after its answer", () => {
  const { server, socketAddr } = called();
  const host = onStream({ ...HOST, port: 50_003 }, 9);
  const fromViewer = (now: number): boolean =>
    server.handle(candidate({ id: ID }), onStream(VIEWER, 1), now)[0]?.type === "sendDatagram";
  const fromHost = (now: number): boolean =>
    told(server.handle(candidate({ socketAddr }), host, now))?.case === "iceCandidate";
  assert.ok(fromViewer(1000) && fromHost(1000));
  const sent = { socketAddr, id: ID, version: VERSION, webrtcSdpAnswer: "webrtc://answer" };
  const answer = told(
    server.handle({ case: "punchHoleSent", value: sent }, onStream({ ...HOST, port: 50_002 }, 8), 25_000),
  );
  assert.ok(answer?.case === "punchHoleResponse" && answer.value.webrtcSdpAnswer === "webrtc://answer");
  server.handle({ case: "registerPeer", value: { id: ID } }, HOST, 30_000);
  assert.ok(fromViewer(43_000) && fromHost(43_000), "18 seconds after the answer");
  assert.ok(!fromViewer(56_000) && !fromHost(56_000));
});

test("candidates of strangers, of another offer, without a call, too long or too many reach nobody", () => {
  const { server, socketAddr } = called();
  const reached = (value: object, from: ReturnType<typeof onStream>): boolean =>
    server.handle(candidate(value), from).some(({ type }) => type === "send" || type === "sendDatagram");
  const viewer = onStream(VIEWER, 1);
  const host = onStream({ ...HOST, port: 50_003 }, 9);
  assert.ok(!reached({ id: ID, sessionKey: "sha-256 FF" }, viewer));
  assert.ok(!reached({ id: ID, sessionKey: "" }, viewer));
  assert.ok(!reached({ id: ID, candidate: "c".repeat(1025) }, viewer));
  assert.ok(!reached({ id: ID }, onStream({ ...VIEWER, port: 40_001 }, 2)));
  assert.ok(!reached({ socketAddr, sessionKey: "sha-256 FF" }, host));
  assert.ok(!reached({ socketAddr }, onStream({ host: "192.0.2.66", port: 1 }, 3)));
  const passed = Array.from({ length: 100 }, () => reached({ id: ID }, viewer)).filter(Boolean).length;
  assert.ok(passed > 0 && passed <= 64, `${passed}`);
});

test("when the viewer hangs up, its call is over", () => {
  const { server, socketAddr } = called();
  server.broker.disconnected(1);
  assert.equal(server.broker.waiting, 0);
  const host = onStream({ ...HOST, port: 50_003 }, 9);
  assert.deepEqual(server.handle(candidate({ socketAddr }), host), [{ type: "close", connection: 9 }]);
});
