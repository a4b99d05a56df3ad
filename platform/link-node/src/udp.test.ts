import assert from "node:assert/strict";
import { test } from "node:test";
import { LinkError } from "@pulpit/link";
import { openUdp } from "./udp.ts";

test("a socket for a peer whose name leads nowhere is an error at once, not at the first datagram", async () => {
  await assert.rejects(openUdp({ port: 0, peer: { host: "nowhere.invalid", port: 21_116 } }), LinkError);
});

test("a socket for one peer hears nobody else", async (t) => {
  const peer = await openUdp({ port: 0, host: "127.0.0.1" });
  const stranger = await openUdp({ port: 0, host: "127.0.0.1" });
  const ours = await openUdp({ port: 0, peer: { host: "127.0.0.1", port: peer.localPort } });
  t.after(() => Promise.all([peer, stranger, ours].map((socket) => socket.close())));
  const to = { host: "127.0.0.1", port: ours.localPort };
  stranger.send(Uint8Array.of(1), to);
  peer.send(Uint8Array.of(2), to);
  assert.deepEqual((await ours.receive())?.data.at(0), 2);
});
