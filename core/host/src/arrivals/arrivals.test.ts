import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeCompression, nodeCrypto, nodeRandom } from "@pulpit/crypto-node";
import { memoryLinks } from "@pulpit/link";
import type { Invitation } from "@pulpit/protocol";
import { decodeServerMessage, encodeServerMessage, encodeSocketAddress } from "@pulpit/wire";
import type { HostOptions, HostWorld } from "../options.ts";
import { Arrivals } from "./arrivals.ts";

test("a socket that was opened for a viewer for whom there is no room is closed, every time", async () => {
  const crypto = nodeCrypto();
  const random = nodeRandom();
  let opened = 0;
  let closed = 0;
  const world: HostWorld = {
    crypto,
    random,
    compression: nodeCompression(),
    clock: { now: () => 0, alarm: () => () => undefined },
    dial: async () => memoryLinks()[0],
    openDatagrams: () => assert.fail("nothing registers here"),
    ways: {
      ipv6: async () => {
        opened += 1;
        return {
          local: { host: "2001:db8::1", port: 7000 },
          tell: () => undefined,
          meet: () => assert.fail("there is no room"),
          close: () => {
            closed += 1;
          },
        };
      },
    },
  };
  const options: HostOptions = {
    id: "123456789",
    identity: crypto.signKeyPair(random.bytes(32)),
    uuid: random.bytes(16),
    allowPlaintext: false,
    idServer: { host: "192.0.2.9", port: 21116 },
    serverKey: "",
  };
  const noRoom = (): void => undefined;
  const arrivals = new Arrivals({ options, world }, noRoom, new AbortController().signal);
  const value = {
    socketAddr: encodeSocketAddress({ host: "192.0.2.1", port: 5000 }, 0),
    socketAddrV6: encodeSocketAddress({ host: "2001:db8::2", port: 6000 }, 0),
  };
  const invitation = decodeServerMessage(encodeServerMessage({ case: "punchHole", value })) as Invitation;
  for (let call = 0; call < 20; call++) {
    arrivals.invited(invitation, false);
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.deepEqual([opened, closed], [20, 20]);
});
