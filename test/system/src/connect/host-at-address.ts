import type { Desktop } from "@pulpit/host";
import { type Servers, type SharedHost, startHost } from "../world.ts";

/** A host that can be reached at an address of this computer, and its port there. */
export type HostAtAddress = SharedHost & { readonly port: number };

export async function startHostAtAddress(
  servers: Servers,
  desktop: Desktop,
  options: Parameters<typeof startHost>[2] = {},
): Promise<HostAtAddress> {
  const direct = { port: 0, networks: ["127.0.0.0/8"], unencrypted: false };
  const host = await startHost(servers, desktop, { ...options, direct });
  const event = await host.until(({ type }) => type === "directOpened" || type === "directFailed");
  if (event.type !== "directOpened") throw new Error("there is no port for it");
  return { ...host, port: event.port };
}
