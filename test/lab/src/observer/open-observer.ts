import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Machine } from "../lab.ts";

/** Starts the observer on a lab's server; it is there when this resolves, until the lab ends. */
export async function openObserver(server: Machine): Promise<void> {
  const program = fileURLToPath(new URL("./main.ts", import.meta.url));
  const child = server.spawn(process.execPath, [program], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "exit").then(() => {
    throw new Error("the observer ended");
  });
  await Promise.race([once(child.stdout as NodeJS.ReadableStream, "data"), ended]);
  // From here on it ends with the lab.
  ended.catch(() => undefined);
}
