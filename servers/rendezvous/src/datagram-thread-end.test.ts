import assert from "node:assert/strict";
import { closeSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { openUdp, silentLog } from "@pulpit/link-node";
import { canReadDatagrams } from "@pulpit/net-linux";
import { Presence } from "@pulpit/protocol";
import { decodeServerMessage, encodeServerMessage } from "@pulpit/wire";
import { openDatagramPort } from "./datagram-port.ts";

const ID = "123456789";

/** The descriptor of this process that is bound to a UDP port of IPv4. */
function descriptorOf(port: number): number {
  const local = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const row = readFileSync("/proc/self/net/udp", "utf8")
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .find(([, address]) => address?.endsWith(local));
  const found = readdirSync("/proc/self/fd").find((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === `socket:[${row?.[9]}]`;
    } catch {
      // The one the folder was read with.
      return false;
    }
  });
  assert.ok(found);
  return Number(found);
}

const skip = canReadDatagrams() ? false : "there is no thread for datagrams on this system";
test("when the thread ends the port goes on without it, as does what the server knows", { skip }, async () => {
  const presence = new Presence(10, [1, 2]);
  const errors: string[] = [];
  const port = await openDatagramPort(
    {
      port: 0,
      host: "127.0.0.1",
      receiveBuffer: 1 << 20,
      presence,
      updateSerial: 0,
      path: "fast",
      key: [3, 4],
      now: () => performance.now(),
      log: { ...silentLog, error: (message) => errors.push(message) },
    },
    { received: () => undefined },
  );
  const device = await openUdp({ host: "127.0.0.1", port: 0 });
  presence.registered(ID, { host: "127.0.0.1", port: device.localPort }, performance.now());
  const registerPeer = encodeServerMessage({ case: "registerPeer", value: { id: ID, serial: 3 } });
  const ask = (): void => device.send(registerPeer, { host: "127.0.0.1", port: port.port });
  ask();
  await device.receive();
  const { answered } = port.stats();
  // The thread finds its socket gone when the next datagram wakes it.
  closeSync(descriptorOf(port.port));
  for (ask(); port.path === "fast"; ) await sleep(10);
  assert.deepEqual(errors, ["datagram thread ended, going on without"]);
  ask();
  const answer = decodeServerMessage((await device.receive())?.data ?? new Uint8Array(0));
  assert.deepEqual(answer.case === "registerPeerResponse" && answer.value.requestPk, false);
  assert.ok(port.stats().answered > answered, "it counts on");
  await port.close();
  await device.close();
});
