// The splicing thread's entry: waits for all sockets and for orders at once, and moves what there is to move.
import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { awake } from "../wake.ts";
import { Allowances } from "./allowances.ts";
import { EPOLLIN, Epoll } from "./epoll.ts";
import { Flows } from "./flows.ts";
import { Pairs } from "./pairs.ts";
import { PipePool } from "./pipe-pool.ts";
import { type Command, descriptorTable, type Report, type SplicerTask } from "./thread-task.ts";

/** A thread that waits looks up this often, ms: only then does it see that the process wants to end. */
const LOOK_UP_EVERY = 500;

const task = workerData as SplicerTask;
const port = parentPort as NonNullable<typeof parentPort>;
const { sockets, pipes } = descriptorTable(task.descriptors, task.maxPairs);
const epoll = new Epoll(task.epollFd);
const allowances = new Allowances(task.allowances, task.maxPairs);
const progress = new Float64Array(task.progress);
const now = (): number => performance.now();
const flows = new Flows({ sockets, pipes: new PipePool(pipes), allowances, progress, now });
const pairs = new Pairs({ epoll, sockets, flows, allowances, progress, now });
/** Behind those of all sides. */
const WAKE = sockets.length;

function report(what: Report): void {
  port.postMessage(what);
}

/** Whether to go on. */
function obey(): boolean {
  awake(task.wakeFd);
  for (;;) {
    const command = receiveMessageOnPort(port)?.message as Command | undefined;
    if (command === undefined) return true;
    if (command.type === "close") return false;
    if (command.type === "join") pairs.join(command);
    else pairs.end(command.pair);
  }
}

/** Whether to go on. */
function turn(): boolean {
  const count = epoll.wait(pairs.look(LOOK_UP_EVERY));
  let isWoken = false;
  for (let i = 0; i < count; i++) {
    const side = epoll.number(i);
    if (side === WAKE) isWoken = true;
    else pairs.notice(side, epoll.events(i));
  }
  // Orders last: none of the events can then be taken for those of a pair that has just joined.
  return !isWoken || obey();
}

if (!epoll.add(task.wakeFd, WAKE, EPOLLIN)) throw new Error("the splicing thread can't be woken");
report("ready");
while (turn()) {
  if (pairs.ended.length > 0) report(pairs.ended.splice(0));
}
