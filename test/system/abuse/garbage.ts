import { randomBytes } from "node:crypto";
import { encodeServerMessage, type ServerMessageInit } from "@pulpit/wire";
import { randomId } from "./legitimate.ts";

/** The largest payload of one UDP datagram over IPv4. */
const MAX_UDP = 65_507;

/** What devices and viewers really send. */
function valid(): ServerMessageInit {
  const id = randomId();
  const choices: readonly ServerMessageInit[] = [
    { case: "registerPeer", value: { id, serial: 3 } },
    { case: "registerPk", value: { id, uuid: randomBytes(16), pk: randomBytes(32) } },
    { case: "punchHoleRequest", value: { id, licenceKey: "x".repeat(44), token: "t" } },
    { case: "punchHoleSent", value: { socketAddr: randomBytes(9), id, relayServer: "relay:21117", version: "1.4" } },
    { case: "localAddr", value: { socketAddr: randomBytes(9), localAddr: randomBytes(10), id, version: "1.4" } },
    { case: "requestRelay", value: { id, uuid: id, socketAddr: randomBytes(9), licenceKey: "x".repeat(44) } },
    { case: "onlineRequest", value: { id, peers: Array.from({ length: 80 }, randomId) } },
    { case: "keyExchange", value: { keys: [randomBytes(32), randomBytes(48)] } },
    { case: "configureUpdate", value: { serial: 99, rendezvousServers: ["evil.example"] } },
  ];
  return choices[below(choices.length)] as ServerMessageInit;
}

function mutated(): Uint8Array {
  const bytes = encodeServerMessage(valid());
  for (let changes = 1 + below(4); changes > 0; changes--) bytes[below(bytes.length)] = below(256);
  return bytes;
}

function truncated(): Uint8Array {
  const bytes = encodeServerMessage(valid());
  return bytes.subarray(0, 1 + below(bytes.length - 1));
}

/** A member of the envelope that says it is longer than memory. */
function hugeLength(): Uint8Array {
  const tag = ((6 + below(24)) << 3) | 2;
  const lengths = [
    [0xff, 0xff, 0xff, 0x7f],
    [0xff, 0xff, 0xff, 0xff, 0x07],
    [0xff, 0xff, 0xff, 0xff, 0x0f],
    [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
    [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
  ];
  const length = lengths[below(lengths.length)] as number[];
  return Uint8Array.from([(tag & 0x7f) | 0x80, tag >> 7, ...length, ...randomBytes(below(40))]);
}

/** Groups inside groups: a decoder that calls itself for each of them runs out of stack. */
function nested(): Uint8Array {
  const depth = 100 + below(1400);
  const startGroup = 0x0b;
  return new Uint8Array(depth).fill(startGroup);
}

/** Many small members, each a whole message: what one datagram can make a decoder build. */
function crowded(): Uint8Array {
  const one = encodeServerMessage({ case: "onlineRequest", value: { peers: Array.from({ length: 30 }, () => "") } });
  const out = new Uint8Array(Math.floor(1400 / one.length) * one.length);
  for (let at = 0; at < out.length; at += one.length) out.set(one, at);
  return out;
}

/** A datagram no honest peer sends. */
export function garbage(): Uint8Array {
  const dice = below(100);
  if (dice < 25) return randomBytes(1 + below(200));
  if (dice < 30) return randomBytes(1500);
  if (dice < 50) return mutated();
  if (dice < 70) return truncated();
  if (dice < 85) return hugeLength();
  if (dice < 93) return nested();
  if (dice < 98) return crowded();
  // Rare: one of these is as much work for the sender as forty others.
  return randomBytes(1501 + below(dice === 99 ? MAX_UDP - 1501 : 1500));
}

function below(limit: number): number {
  return Math.floor(Math.random() * limit);
}
