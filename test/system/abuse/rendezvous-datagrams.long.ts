import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { RegisterPkResponse_Result as Result } from "@pulpit/wire";
import { flood } from "./datagram-flood.ts";
import { call, Device } from "./legitimate.ts";
import { loudest } from "./log-lines.ts";
import { type ServerProcess, startServer } from "./server-process.ts";
import { assertPrompt, pause, settled, Times } from "./timing.ts";

/** Threads that send; two keep two cores busier than a network would. */
const THREADS = 2;
const SOURCES = 4000;
/** Devices that behave, each with a viewer. */
const DEVICES = 8;
/** What may be left of the flood in memory, MB, and when, ms. */
const MAY_REMAIN = 30;
const REMAINS_FOR = 30_000;

/** Datagrams the kernel threw away because the server did not read them in time: the last column. */
function dropped(port: number): number {
  const hexadecimal = `:${port.toString(16).toUpperCase().padStart(4, "0")} 00000000:0000`;
  const line = readFileSync("/proc/net/udp", "utf8")
    .split("\n")
    .find((row) => row.includes(hexadecimal));
  return Number(line?.trim().split(/\s+/).at(-1) ?? Number.NaN);
}

/** A device and its viewer do what they do all day, until `over`. */
async function live(
  server: ServerProcess,
  device: Device,
  times: readonly Times[],
  over: () => boolean,
): Promise<void> {
  const [registerPk, registerPeer, asked] = times as [Times, Times, Times];
  let calls = 0;
  while (!over()) {
    await registerPk.measure(async (signal) => assert.equal(await device.register(signal), Result.OK));
    await registerPeer.measure((signal) => device.alive(signal));
    await asked.measure((signal) => call(server, device, `127.0.2.${1 + (calls++ % 250)}`, signal));
    await pause(100);
  }
}

const PACES = [
  { pace: "25 000 a second", datagrams: 1_000_000, perSecond: 25_000 },
  { pace: "as fast as two threads can", datagrams: 3_000_000, perSecond: Number.POSITIVE_INFINITY },
];

for (const { pace, datagrams, perSecond } of PACES) {
  test(`${datagrams} datagrams of garbage, ${pace}, hold up nobody and leave nothing behind`, async (t) => {
    await using server = await startServer();
    await using stack = new AsyncDisposableStack();
    const devices: Device[] = [];
    for (let i = 1; i <= DEVICES; i++) devices.push(stack.use(await Device.at(server, `127.0.1.${i}`)));
    for (const device of devices) assert.equal(await device.register(), Result.OK);
    const { main } = server.ports;
    // What only has to be compiled and allocated once is not what a flood leaves behind.
    await flood({ port: main, datagrams: 200_000, firstSource: 0, sources: 500, perSecond: 20_000 }).done;
    await pause(3000);
    const before = await server.held();
    const droppedBefore = dropped(main);

    const floods = Array.from({ length: THREADS }, (_, i) =>
      flood({
        port: main,
        datagrams: datagrams / THREADS,
        firstSource: 1000 + (i * SOURCES) / THREADS,
        sources: SOURCES / THREADS,
        perSecond: perSecond / THREADS,
      }),
    );
    await Promise.all(floods.map(({ started }) => started));
    let over = false;
    const done = Promise.all(floods.map((each) => each.done)).finally(() => {
      over = true;
    });
    const times = [new Times(), new Times(), new Times()] as const;
    await Promise.all(devices.map((device) => live(server, device, times, () => over)));
    const results = await done;
    const highest = server.rss();
    const answers = results.reduce((sum, each) => sum + each.answers, 0);
    const seconds = Math.max(...results.map((each) => each.seconds));
    const lost = dropped(main) - droppedBefore;
    const after = await settled(server.held, before + MAY_REMAIN, REMAINS_FOR);

    t.diagnostic(`${datagrams} datagrams in ${seconds.toFixed(1)} s, ${lost} never read, ${answers} answered`);
    const names = ["RegisterPk", "RegisterPeer", "PunchHoleRequest"] as const;
    for (const [i, name] of names.entries()) t.diagnostic(`${name}: ${times[i]}`);
    t.diagnostic(
      `memory: ${before.toFixed(0)} MB before, ${highest.toFixed(0)} at the end, ${after.toFixed(0)} held after`,
    );
    assert.equal(server.ended, undefined, server.words());
    for (const [i, name] of names.entries()) assertPrompt(name, times[i] as Times);
    assert.ok(after <= before + MAY_REMAIN, `${before.toFixed(0)} MB before, ${after.toFixed(0)} MB after`);
    const [source, count] = loudest(server.log());
    assert.ok(count <= 1, `${count} lines in the log about ${source} within a minute`);
  });
}
