import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { openLab, SessionPrograms } from "@pulpit/lab";
import { DESKTOP } from "../e2e/settings.ts";
import type { Seen, Way } from "./orders.ts";

/** Each of the two lines, each way: 100 ms of round trip between browser and host, 50 to the server. */
export const LINE = { delay: 25, rate: 100, queue: 1024 * 1024 };
const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Sessions that may begin by another way than the one to be measured. */
const TRIES = 5;

/** A real server, host and browser in a new lab. `loss`: between browser and host, per cent. */
export async function measure(way: Way, loss: number): Promise<Seen> {
  for (let i = 0; i < TRIES; i++) {
    const seen = await session(way, loss);
    if (seen !== null) return seen;
  }
  throw new Error(`no session came by ${way}`);
}

/** Null when it came by another way. */
async function session(way: Way, loss: number): Promise<Seen | null> {
  // Both lines lose: together as much as was asked for.
  const each = 100 * (1 - Math.sqrt(1 - loss / 100));
  await using lab = await openLab({ ...LINE, loss: each, sides: { host: { nat: "none" }, viewer: { nat: "none" } } });
  await using programs = new SessionPrograms();
  const server = await programs.server(lab.server);
  const { id, password } = await programs.host(lab.side("host"), server, DESKTOP, file("./host.ts"));
  const child = lab
    .side("viewer")
    .spawn(process.execPath, [file("./viewer.ts")], { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin?.end(JSON.stringify({ origin: server.origin, id, password, way }));
  return JSON.parse(await text(child.stdout as NodeJS.ReadableStream)) as Seen | null;
}
