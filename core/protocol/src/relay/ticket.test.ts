import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeCrypto } from "@pulpit/crypto-node";
import { openIdentity } from "../crypto/identity.ts";
import { checkTicket, issueTicket } from "./ticket.ts";

const crypto = nodeCrypto();
const server = crypto.signKeyPair(Uint8Array.from({ length: 32 }, (_, i) => i));
const UUID = "0b7e0c1e-0000-4000-8000-000000000000";
const NOW = 1_800_000_000;
const ticket = issueTicket(crypto, { uuid: UUID, until: NOW + 120 }, server.secretKey);
const check = (shown: Uint8Array, { uuid = UUID, now = NOW, key = server.publicKey } = {}): boolean =>
  checkTicket(crypto, shown, { uuid, now, serverPublicKey: key });

test("a ticket has the form of the specification", () => {
  const message = crypto.signOpen(ticket, server.publicKey);
  // The prefix, then RelayTicket { uuid, until }.
  const expected = `${Buffer.from("pulpit-relay-ticket\0").toString("hex")}0a24${Buffer.from(UUID).toString("hex")}10f8a4a7da06`;
  assert.equal(Buffer.from(message ?? []).toString("hex"), expected);
});

test("it is good for its uuid, until its time and a little longer, by its server", () => {
  assert.ok(check(ticket));
  assert.ok(check(ticket, { now: NOW + 150 }));
  assert.ok(!check(ticket, { now: NOW + 151 }));
  assert.ok(!check(ticket, { uuid: UUID.replace("0b", "0c") }));
  assert.ok(!check(ticket, { key: crypto.signKeyPair(new Uint8Array(32)).publicKey }));
});

test("nothing else that anybody has or the server signs is a ticket, and no ticket is anything else", () => {
  assert.ok(!check(new Uint8Array(0)));
  assert.ok(!check(crypto.sign(new TextEncoder().encode(UUID), server.secretKey)));
  assert.ok(!check(crypto.sign(new Uint8Array(32), server.secretKey)));
  assert.ok(!check(new Uint8Array(10_000)));
  for (let i = 0; i < ticket.length; i++) assert.ok(!check(ticket.with(i, (ticket[i] as number) ^ 1)), `byte ${i}`);
  assert.equal(openIdentity(crypto, ticket, server.publicKey), undefined);
  assert.equal(issueTicket(crypto, { uuid: "\x0a\x05other", until: NOW }, server.secretKey).length, 0);
});
