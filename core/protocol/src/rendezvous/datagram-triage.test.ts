import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeServerMessage, type ServerMessageInit } from "@pulpit/wire";
import fc from "fast-check";
import { DatagramTriage, type DatagramVerdict, MAX_REGISTRATIONS_PER_SECOND } from "./datagram-triage.ts";
import { packAddress } from "./packed-address.ts";
import { Presence } from "./presence.ts";
import { datagramKind, MAX_DATAGRAM, plainRegisterPeer } from "./server-datagram.ts";

const ID = "123456789";
const bytes = (length: number): Uint8Array => new Uint8Array(length).fill(7);
const registerPeer = (id: string, serial = 3): Uint8Array =>
  encodeServerMessage({ case: "registerPeer", value: { id, serial } });
const kindOf = (data: Uint8Array): string | undefined => datagramKind(data, 0, data.length);
const serialOf = (data: Uint8Array): number | undefined => plainRegisterPeer(data, 0, data.length);

function triage(updateSerial = 0): {
  presence: Presence;
  judge: (data: Uint8Array, host?: string, now?: number) => DatagramVerdict;
} {
  const presence = new Presence(10, [1, 2]);
  const judge = new DatagramTriage({ presence: presence.shared, updateSerial, perSecond: 200, key: [3, 4] });
  return {
    presence,
    judge(data, host = "203.0.113.1", now = 0) {
      const address = new Uint8Array(16);
      assert.ok(packAddress(host, address, 0));
      return judge.judge(data, 0, data.length, { address, at: 0, port: 5 }, now);
    },
  };
}

test("what a server takes by datagram is told from what it does not by its first bytes", () => {
  const messages: ServerMessageInit[] = [
    { case: "registerPeer", value: { id: ID, serial: 3 } },
    { case: "registerPk", value: { id: ID, uuid: bytes(16), pk: bytes(32) } },
    { case: "registerPk", value: { id: ID, uuid: bytes(256), pk: bytes(32) } },
    { case: "punchHoleSent", value: { id: ID, socketAddr: bytes(10), relayServer: "relay.example" } },
    { case: "testNatRequest", value: {} },
    { case: "softwareUpdate", value: { url: "1.2.3" } },
  ];
  for (const message of messages) {
    const data = encodeServerMessage(message);
    assert.equal(kindOf(data), message.case);
    assert.equal(kindOf(data.subarray(0, data.length - 1)), undefined, `${message.case}, cut off`);
  }
  const others: ServerMessageInit[] = [
    { case: "punchHoleRequest", value: { id: ID } },
    { case: "requestRelay", value: { id: ID, uuid: "u" } },
    { case: "configureUpdate", value: { serial: 9, rendezvousServers: ["evil.example"] } },
    { case: "registerPeerResponse", value: { requestPk: true } },
  ];
  for (const message of others) assert.equal(kindOf(encodeServerMessage(message)), undefined, message.case);
  assert.equal(kindOf(bytes(0)), undefined);
  assert.equal(kindOf(Uint8Array.of(0x32, ...bytes(MAX_DATAGRAM))), undefined);
});

test("no bytes make the sorting throw or read what is not there", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.constantFrom(0x32, 0x7a, 0xa2, 0x8a), (data, first) => {
      const { judge } = triage();
      for (const start of [[], [first], [first, 1], [first, data.length], [0x32, data.length + 2, 0x0a]]) {
        judge(Uint8Array.of(...start, ...data));
      }
    }),
  );
});

test("RegisterPeer as every encoder writes it is read by hand, anything unusual is left to the decoder", () => {
  const serial = fc.integer({ min: 0, max: 2 ** 28 - 1 });
  const id = fc.stringMatching(/^[!-}]{1,24}$/);
  fc.assert(fc.property(id, serial, (name, number) => assert.equal(serialOf(registerPeer(name, number)), number)));
  for (const data of [registerPeer(""), registerPeer("x".repeat(25)), registerPeer("żółw"), registerPeer(ID, -1)]) {
    assert.equal(serialOf(data), undefined);
  }
  const [whole, longer] = [registerPeer(ID), Uint8Array.of(...registerPeer(ID), 0x18, 1)];
  assert.equal(serialOf(longer), undefined);
  assert.equal(kindOf(longer), "registerPeer");
  for (let i = 0; i < whole.length; i++) assert.notEqual(serialOf(whole.subarray(0, i)), 3);
});

test("a device is answered from the table, told apart by address, and left to the server once for news", () => {
  const { presence, judge } = triage(4);
  const from = { host: "203.0.113.1", port: 5 };
  assert.equal(judge(registerPeer(ID, 4)), "stranger");
  presence.registered(ID, from, 0);
  assert.equal(judge(registerPeer(ID, 4)), "known");
  assert.equal(judge(registerPeer(ID, 4), "203.0.113.2"), "stranger");
  assert.equal(judge(registerPeer(ID, 3), "203.0.113.2"), "stranger");
  assert.equal(judge(registerPeer(ID, 3)), "server");
  assert.ok(presence.tellOnce(ID, from, 0));
  assert.equal(judge(registerPeer(ID, 3)), "known");
});

test("a flood of registrations from everywhere is capped, and leaves known devices and other messages alone", () => {
  const { presence, judge } = triage();
  presence.registered(ID, { host: "203.0.113.1", port: 5 }, 0);
  const registerPk = encodeServerMessage({ case: "registerPk", value: { id: ID, uuid: bytes(16), pk: bytes(32) } });
  const taken = (now: number): number => {
    let count = 0;
    for (let i = 0; i < 20_000; i++) {
      if (judge(registerPk, `10.${i % 200}.${i >> 8}.1`, now) === "server") count += 1;
    }
    return count;
  };
  assert.equal(taken(0), MAX_REGISTRATIONS_PER_SECOND / 10);
  assert.equal(judge(registerPeer(ID)), "known");
  assert.equal(judge(encodeServerMessage({ case: "testNatRequest", value: {} }), "198.51.100.1"), "server");
  assert.equal(judge(registerPk, "198.51.100.2"), "crowd");
  assert.equal(judge(registerPk, "198.51.100.2", 100), "server");
});

test("one source above its budget is dropped, whatever it sends, and what is no message does not count", () => {
  const { judge } = triage();
  for (let i = 0; i < 500; i++) assert.equal(judge(bytes(20)), "garbage");
  for (let i = 0; i < 200; i++) assert.equal(judge(registerPeer(ID)), "stranger");
  assert.equal(judge(registerPeer(ID)), "source");
  assert.equal(judge(registerPeer(ID), "203.0.113.9"), "stranger");
});
