// The datagram thread's entry: answers what can be answered from the table of who is where, hands on the rest.
import { parentPort, workerData } from "node:worker_threads";
import { DatagramCounters, DatagramTriage } from "@pulpit/protocol";
import { DatagramBatch } from "./batch.ts";
import { openPoll } from "./poll.ts";
import { DatagramRing } from "./ring.ts";
import { packedAddress } from "./socket-name.ts";
import { FLAG, systemMillis, type ThreadTask } from "./thread-task.ts";

const task = workerData as ThreadTask;
const batch = new DatagramBatch(task.fd, task.family);
const waitForDatagrams = openPoll([task.fd, task.wakeFd]);
const triage = new DatagramTriage(task.triage);
const ring = new DatagramRing(task.ring);
const counters = new DatagramCounters(task.counters);
const flags = new Int32Array(task.flags);
const from = { address: packedAddress(task.family), at: 0, port: 0 };

function take(i: number, now: number): void {
  batch.sender(i, from);
  const verdict = triage.judge(batch.bytes, batch.at(i), batch.length(i), from, now);
  if (verdict === "known" || verdict === "stranger") batch.answer(i, verdict);
  counters.count(verdict === "server" && !handedOn(i) ? "queue" : verdict);
}

/** False when the server has more than enough to do. */
function handedOn(i: number): boolean {
  const sender = { address: from.address, port: from.port, zone: batch.zone(i) };
  return ring.put(batch.bytes, batch.at(i), batch.length(i), sender);
}

parentPort?.postMessage("ready");
while (Atomics.load(flags, FLAG.stop) === 0) {
  const count = batch.receive();
  if (count === 0) {
    waitForDatagrams();
    continue;
  }
  const now = systemMillis() + task.clockOffset;
  for (let i = 0; i < count; i++) take(i, now);
  counters.count("unsent", batch.flush());
  // Once for however many there are, and not again before the server has looked.
  if (!ring.isEmpty() && Atomics.exchange(flags, FLAG.waiting, 1) === 0) Atomics.notify(flags, FLAG.waiting);
}
