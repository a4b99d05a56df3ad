// One end of a measured path, as a process of its own: it sends or receives what it is told to and prints what it saw.
import type { Link } from "@pulpit/link";
import { openLink } from "./open-link.ts";
import type { EndOrders, Seen } from "./orders.ts";

/** Of bulk, bytes. A sender waits while its transport has no room for more; what counts is what has arrived. */
const PIECE = 64 * 1024;
/** A picture of a desktop at 1080p, bytes, and how many of them a second. */
const PICTURE = 30_000;
const PICTURES_PER_SECOND = 30;
/** Ends say who they are first, s: nothing large is sent before. */
const BEFORE = 1;
/** Not measured, s: everybody has found their speed by then. */
const WARM_UP = 2;
/** What is late may still come, s. */
const PATIENCE = 3;

async function send(link: Link, { work, seconds }: EndOrders): Promise<void> {
  const until = performance.now() + (WARM_UP + seconds) * 1000;
  if (work === "bulk") {
    const piece = new Uint8Array(PIECE);
    while (performance.now() < until) await link.send(piece);
    return;
  }
  const began = performance.now();
  for (let i = 0; performance.now() < until; i++) {
    const picture = new Uint8Array(PICTURE);
    new DataView(picture.buffer).setBigUint64(0, process.hrtime.bigint());
    // Nobody waits: what does not fit through has to queue, and that is what is measured.
    link.send(picture).catch(() => undefined);
    const next = began + ((i + 1) * 1000) / PICTURES_PER_SECOND;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, next - performance.now())));
  }
}

async function receive(link: Link, { seconds }: EndOrders): Promise<Seen> {
  const delays: number[] = [];
  let bytes = 0;
  const from = performance.now() + (BEFORE + WARM_UP) * 1000;
  const until = from + seconds * 1000;
  const enough = setTimeout(() => link.close(new Error("enough")), (BEFORE + WARM_UP + seconds + PATIENCE) * 1000);
  try {
    for (let message = await link.receive(); message !== undefined; message = await link.receive()) {
      const now = performance.now();
      if (now >= from && now < until) bytes += message.length;
      if (message.length !== PICTURE || now < from) continue;
      const sentAt = new DataView(message.buffer, message.byteOffset).getBigUint64(0);
      delays.push(Number(process.hrtime.bigint() - sentAt) / 1e6);
    }
  } catch (error) {
    if (performance.now() < until) throw error;
  }
  clearTimeout(enough);
  delays.sort((a, b) => a - b);
  const at = (share: number): number => delays[Math.min(delays.length - 1, Math.floor(delays.length * share))] ?? 0;
  return { bytesPerSecond: bytes / seconds, pictures: delays.length, median: at(0.5), most: at(0.95) };
}

/** Bulk and pictures: bytes and nothing else. */
async function carry(orders: EndOrders): Promise<Seen | undefined> {
  const link = await openLink(orders);
  if (!orders.sends) return receive(link, orders);
  // What the ends of a link arrange with each other is said to who reads it.
  void receive(link, orders);
  await new Promise((resolve) => setTimeout(resolve, BEFORE * 1000));
  await send(link, orders);
  await new Promise((resolve) => setTimeout(resolve, PATIENCE * 1000));
  return undefined;
}

async function hold(orders: EndOrders): Promise<Seen | undefined> {
  if (!orders.sends) return (await import("./session-viewer.ts")).watch(orders);
  await (await import("./session-host.ts")).share(orders);
  return undefined;
}

const orders = JSON.parse(process.argv[2] ?? "") as EndOrders;
const seen = await (orders.work === "session" ? hold(orders) : carry(orders));
if (seen !== undefined) console.log(JSON.stringify(seen));
process.exit();
