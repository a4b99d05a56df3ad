import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeServerMessage, encodeServerMessage, NatType } from "@pulpit/wire";
import { decodeCandidate, encodeCandidate } from "./candidate.ts";
import { declaresAll, decodeEndpoint, encodeEndpoint, sessionKeyOf } from "./endpoint.ts";
import { certificateIn } from "./sdp.ts";

// docs/protocol/webrtc.md, section 15.
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "hex"));
const colons = (from: number): string =>
  `sha-256 ${Array.from({ length: 32 }, (_, i) => (from + i).toString(16).toUpperCase()).join(":")}`;
const FA = colons(0xa0);
const ROUTE = bytes("0102030405060708");
const ID = "123456789";

const SDP = [
  "v=0",
  "o=- 1111111111 2 IN IP4 0.0.0.0",
  "s=-",
  "t=0 0",
  `a=fingerprint:${FA}`,
  "a=group:BUNDLE 0",
  "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
  "c=IN IP4 0.0.0.0",
  "a=setup:actpass",
  "a=mid:0",
  "a=sendrecv",
  "a=sctp-port:5000",
  "a=ice-ufrag:aaaabbbbccccdddd",
  "a=ice-pwd:0123456789abcdef0123456789abcdef",
  "",
].join("\r\n");
const OFFER =
  "webrtc://eyJ0eXBlIjoib2ZmZXIiLCJzZHAiOiJ2PTBcclxubz0tIDExMTExMTExMTEgMiBJTiBJUDQgMC4wLjAuMFxyXG5zPS1cclxudD0wIDBcclxuYT1maW5nZXJwcmludDpzaGEtMjU2IEEwOkExOkEyOkEzOkE0OkE1OkE2OkE3OkE4OkE5OkFBOkFCOkFDOkFEOkFFOkFGOkIwOkIxOkIyOkIzOkI0OkI1OkI2OkI3OkI4OkI5OkJBOkJCOkJDOkJEOkJFOkJGXHJcbmE9Z3JvdXA6QlVORExFIDBcclxubT1hcHBsaWNhdGlvbiA5IFVEUC9EVExTL1NDVFAgd2VicnRjLWRhdGFjaGFubmVsXHJcbmM9SU4gSVA0IDAuMC4wLjBcclxuYT1zZXR1cDphY3RwYXNzXHJcbmE9bWlkOjBcclxuYT1zZW5kcmVjdlxyXG5hPXNjdHAtcG9ydDo1MDAwXHJcbmE9aWNlLXVmcmFnOmFhYWFiYmJiY2NjY2RkZGRcclxuYT1pY2UtcHdkOjAxMjM0NTY3ODlhYmNkZWYwMTIzNDU2Nzg5YWJjZGVmXHJcbiIsImljZV9wb2xpY3kiOiJhbGwifQ==";
const E1 = "webrtc://eyJ0eXBlIjoib2ZmZXIiLCJzZHAiOiJ2PTAiLCJpY2VfcG9saWN5IjoiYWxsIn0=";
const REQUEST =
  "42660a0931323334353637383910021a034b45593205312e352e30400162497765627274633a2f2f65794a306558426c496a6f6962325a6d5a5849694c434a7a5a4841694f694a32505441694c434a70593256666347397361574e35496a6f6959577873496e303d";
const PUNCH =
  "4a6f0a080102030405060708121472642e6578616d706c652e636f6d3a32313131371802280152497765627274633a2f2f65794a306558426c496a6f6962325a6d5a5849694c434a7a5a4841694f694a32505441694c434a70593256666347397361574e35496a6f6959577873496e303d";
const SENT =
  "52670a08010203040506070812093132333435363738392a05312e352e3042497765627274633a2f2f65794a306558426c496a6f695957357a643256794969776963325277496a6f69646a30774969776961574e6c5833427662476c6a65534936496d467362434a39";
const FROM_VIEWER =
  "ea0184020a093132333435363738391a677368612d3235362041303a41313a41323a41333a41343a41353a41363a41373a41383a41393a41413a41423a41433a41443a41453a41463a42303a42313a42323a42333a42343a42353a42363a42373a42383a42393a42413a42423a42433a42443a42453a4246228d017b2263616e646964617465223a2263616e6469646174653a312031207564702032313330373036343331203139382e35312e3130302e372034303030302074797020686f7374222c227364704d6964223a2230222c227364704d4c696e65496e646578223a302c22757365726e616d65467261676d656e74223a2261616161626262626363636364646464227d";
const FROM_HOST =
  "ea01f101120801020304050607081a677368612d3235362041303a41313a41323a41333a41343a41353a41363a41373a41383a41393a41413a41423a41433a41443a41453a41463a42303a42313a42323a42333a42343a42353a42363a42373a42383a42393a42413a42423a42433a42443a42453a4246227c7b2263616e646964617465223a2263616e6469646174653a312031207564702032313330373036343331203139322e302e322e31302035303030302074797020686f7374222c227364704d6964223a22222c227364704d4c696e65496e646578223a302c22757365726e616d65467261676d656e74223a6e756c6c7d";

test("15.1: the offer is written and read byte for byte, and its fingerprint is the session key", () => {
  assert.equal(encodeEndpoint({ type: "offer", sdp: SDP, declaresAll: true }), OFFER);
  assert.deepEqual(decodeEndpoint(OFFER), { type: "offer", sdp: SDP, declaresAll: true });
  assert.equal(sessionKeyOf(OFFER), FA);
  assert.equal(certificateIn(SDP), FA);
});

test("15.2: short endpoints and the messages that carry them", () => {
  assert.equal(encodeEndpoint({ type: "offer", sdp: "v=0", declaresAll: true }), E1);
  assert.ok(declaresAll(E1));
  assert.equal(declaresAll("webrtc://eyJ0eXBlIjoib2ZmZXIiLCJzZHAiOiJ2PTAifQ=="), false);
  const answer = encodeEndpoint({ type: "answer", sdp: "v=0", declaresAll: true });
  const request = { id: ID, natType: NatType.SYMMETRIC, licenceKey: "KEY", version: "1.5.0", forceRelay: true };
  assert.equal(
    hex(encodeServerMessage({ case: "punchHoleRequest", value: { ...request, webrtcSdpOffer: E1 } })),
    REQUEST,
  );
  const punch = {
    socketAddr: ROUTE,
    relayServer: "rd.example.com:21117",
    natType: NatType.SYMMETRIC,
    forceRelay: true,
  };
  assert.equal(hex(encodeServerMessage({ case: "punchHole", value: { ...punch, webrtcSdpOffer: E1 } })), PUNCH);
  const sent = { socketAddr: ROUTE, id: ID, version: "1.5.0", webrtcSdpAnswer: answer };
  assert.equal(hex(encodeServerMessage({ case: "punchHoleSent", value: sent })), SENT);
});

test("15.3: candidates of both ends", () => {
  const viewers = {
    candidate: "candidate:1 1 udp 2130706431 198.51.100.7 40000 typ host",
    sdpMid: "0",
    sdpMLineIndex: 0,
    usernameFragment: "aaaabbbbccccdddd",
  };
  const candidate = encodeCandidate(viewers);
  assert.equal(
    hex(encodeServerMessage({ case: "iceCandidate", value: { id: ID, sessionKey: FA, candidate } })),
    FROM_VIEWER,
  );
  assert.deepEqual(decodeCandidate(candidate), viewers);

  const message = decodeServerMessage(bytes(FROM_HOST));
  assert.ok(message.case === "iceCandidate");
  assert.equal(message.value.sessionKey, FA);
  assert.deepEqual(message.value.socketAddr, ROUTE);
  // The empty name of stock has become none.
  assert.deepEqual(decodeCandidate(message.value.candidate), {
    candidate: "candidate:1 1 udp 2130706431 192.0.2.10 50000 typ host",
    sdpMid: null,
    sdpMLineIndex: 0,
    usernameFragment: null,
  });
});
