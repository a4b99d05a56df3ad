import type { ChildProcess } from "node:child_process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { openLab } from "@pulpit/lab";
import { congestionControlInUse, useCongestionControl } from "./congestion-control.ts";
import type { EndOrders, Seen, Transport, Work } from "./orders.ts";

const END = fileURLToPath(new URL("./end.ts", import.meta.url));
/** Each of the two lines, each way: 50 ms of round trip, and 80 ms of queue. */
export const LINE = { delay: 12.5, rate: 100, queue: 1024 * 1024 };
/** A session is measured over twice the distance. */
export const SESSION_LINE = { ...LINE, delay: 25 };
/** A place of its own for the sockets of X servers: by number they would be mistaken for those of other networks. */
const OWN_DESKTOPS = `mkdir -p /tmp/.X11-unix && mount -t tmpfs -o mode=1777 tmpfs /tmp/.X11-unix && exec "$0" "$@"`;
/** Programs start slowly on a busy machine, ms. */
const CONNECTED_WITHIN = 15_000;

/** One transport doing one work between two machines of a new lab. `loss`: end to end, per cent. */
export async function measure(transport: Transport, work: Work, loss: number, seconds: number): Promise<Seen> {
  // Both lines lose: together as much as was asked for.
  const each = 100 * (1 - Math.sqrt(1 - loss / 100));
  const line = work === "session" ? SESSION_LINE : LINE;
  await using lab = await openLab({ ...line, loss: each, sides: { host: { nat: "none" }, viewer: { nat: "none" } } });
  const [host, viewer] = [lab.side("host"), lab.side("viewer")];
  const overTcp = transport === "cubic" || transport === "bbr";
  if (overTcp) await useCongestionControl(host, transport);
  const begin = (sends: boolean): ChildProcess => {
    const [own, other] = sends ? [host, viewer] : [viewer, host];
    const orders: EndOrders = { transport, work, sends, peer: other.address, seconds };
    const command = ["-c", OWN_DESKTOPS, process.execPath, END, JSON.stringify(orders)];
    return own.spawn("sh", command, { stdio: ["ignore", "pipe", "inherit", "ipc"] });
  };
  const [sender, receiver] = [begin(true), begin(false)];
  carry(sender, receiver);
  carry(receiver, sender);
  const ends = Promise.all([said(sender), said(receiver)]);
  if (overTcp) {
    const used = await congestionControlInUse(host, CONNECTED_WITHIN);
    if (used !== transport) throw new Error(`TCP was to use ${transport} and used ${used}`);
  }
  const [, seen] = await ends;
  return JSON.parse(seen) as Seen;
}

/** What one end has to tell the other before there is a link, as a server would carry it. */
function carry(from: ChildProcess, to: ChildProcess): void {
  from.on("message", (message) => to.send(message));
}

function said(end: ChildProcess): Promise<string> {
  return text(end.stdout as NodeJS.ReadableStream);
}
