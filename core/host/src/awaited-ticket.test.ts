import assert from "node:assert/strict";
import { test } from "node:test";
import { type Clock, memoryLinks } from "@pulpit/link";
import { nodeClock } from "@pulpit/link-node";
import { encodeServerMessage } from "@pulpit/wire";
import { awaitedTicket } from "./awaited-ticket.ts";

test("the ticket is taken from the server's answer", async () => {
  const [mine, server] = memoryLinks();
  const relayTicket = Uint8Array.of(1, 2, 3);
  await server.send(encodeServerMessage({ case: "relayResponse", value: { relayTicket } }));
  assert.deepEqual(await awaitedTicket(mine, nodeClock()), relayTicket);
});

test("a server that ends, breaks off or stays silent gives none, and the call goes on", async () => {
  for (const end of ["close", "break", "silence"] as const) {
    const [mine, server] = memoryLinks();
    const clock: Clock = {
      now: () => 0,
      alarm(_when, ring) {
        if (end === "silence") setImmediate(ring);
        return () => undefined;
      },
    };
    const ticket = awaitedTicket(mine, clock);
    if (end === "close") await server.close();
    if (end === "break") await server.close(new Error("broken"));
    assert.equal(await ticket, undefined);
  }
});
