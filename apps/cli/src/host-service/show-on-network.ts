import type { Desktop } from "@pulpit/host";
import { beDiscovered, type Log } from "@pulpit/link-node";
import type { House } from "./house.ts";

/** Lets this computer be found on its own network for as long as the owner wants it, and it is shared. */
export function showOnNetwork(house: House, { hostname, platform }: Desktop, log: Log): AsyncDisposable {
  let open: Promise<AsyncDisposable | undefined> | undefined;

  async function listen(): Promise<AsyncDisposable | undefined> {
    try {
      return await beDiscovered(() => ({ id: house.identity.id, hostname, platform }));
    } catch (error) {
      log.warn("this computer can't be found on its network", { reason: String(error) });
      return undefined;
    }
  }
  async function close(): Promise<void> {
    const closing = open;
    open = undefined;
    await (await closing)?.[Symbol.asyncDispose]();
  }
  function look(): void {
    const { discoverable, sharing } = house.settings.config;
    if (discoverable && sharing) open ??= listen();
    else if (open !== undefined) void close();
  }
  const stop = house.onChanged(look);
  look();
  return {
    async [Symbol.asyncDispose]() {
      stop();
      await close();
    },
  };
}
