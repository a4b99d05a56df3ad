import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { globSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { dial } from "@pulpit/link-node";
import { decodeRelayTicket, encodeServerMessage, RegisterPkResponse_Result as Result } from "@pulpit/wire";
import { Device, dialFrom } from "./legitimate.ts";
import { startServer } from "./server-process.ts";
import { pause } from "./timing.ts";

/** Puts a clock of its own in front of a program: what the time is stands in a file. */
const [library] = globSync("/usr/lib/*/faketime/libfaketime.so.1");

/** Unix seconds until which a ticket is good: behind 64 bytes of signature and its prefix. */
function untilOf(ticket: Uint8Array): number {
  return Number(decodeRelayTicket(ticket.subarray(64 + "pulpit-relay-ticket".length + 1)).until);
}

test("a clock that is set a day forward and two days back takes no device offline, parts no pair and spoils no ticket", async (t) => {
  if (library === undefined) return t.skip("libfaketime is not installed");
  const folder = mkdtempSync(join(tmpdir(), "pulpit-clock-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const time = join(folder, "time");
  const set = (offset: string): void => writeFileSync(time, offset);
  set("+0");
  await using server = await startServer({
    flags: ["--relay-policy", "ticket"],
    variables: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: time,
      FAKETIME_NO_CACHE: "1",
      // Only what somebody can set jumps; the monotonic clock is the system's own.
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
    },
  });
  await using device = await Device.at(server, "127.0.0.1");
  assert.equal(await device.register(), Result.OK);
  const signal = AbortSignal.timeout(60_000);

  /** A call from beginning to end: the ID server signs a ticket, the relay takes it. */
  const call = async (): Promise<Uint8Array> => {
    const uuid = randomUUID();
    const viewer = await dialFrom("127.0.2.1", server.ports.main, "server");
    const wish = { id: device.id, uuid, secure: true, licenceKey: server.key };
    await viewer.send(encodeServerMessage({ case: "requestRelay", value: wish }));
    const { relayTicket } = (await device.next("requestRelay", signal)).value;
    await viewer.close();
    const first = encodeServerMessage({ case: "requestRelay", value: { uuid, relayTicket } });
    const address = `127.0.0.1:${server.ports.relay}`;
    const [a, b] = [await dial(address, { route: "relay", signal }), await dial(address, { route: "relay", signal })];
    await a.send(first);
    await b.send(first);
    await a.send(Uint8Array.of(1));
    assert.deepEqual([...((await b.receive()) ?? [])], [1]);
    await Promise.all([a.close(), b.close()]);
    return relayTicket;
  };
  const before = untilOf(await call());
  for (const [offset, days] of [
    ["+1d", 1],
    ["-1d", -1],
    ["+0", 0],
  ] as const) {
    set(offset);
    await pause(200);
    assert.equal(await device.alive(), false, `${offset}: the device is asked for its key`);
    const jumped = untilOf(await call()) - before;
    assert.ok(Math.abs(jumped - days * 86_400) < 600, `the clock jumped by ${jumped} s`);
    assert.equal(server.ended, undefined, server.words());
  }
});
