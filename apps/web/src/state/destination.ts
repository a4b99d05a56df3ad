import { parseTarget, type Target, type TargetProblem } from "@pulpit/protocol";
import type { ServerConfig } from "./server-config.ts";

/** What is wrong with a text, or why this page can't go there. */
export type DestinationProblem = TargetProblem | "other-server" | "direct-address";

export type Destination =
  | {
      readonly type: "host";
      readonly hostId: string;
      /** Through the relay on purpose. */
      readonly relay: boolean;
      /** Somebody else wrote it: it fills in the field, the person has to start the connection. */
      readonly fromLink: boolean;
      /** A password was in it, which is dropped. */
      readonly hadPassword: boolean;
    }
  /** `place`: the server or address that was meant, plain ASCII; empty for other problems. */
  | { readonly type: "problem"; readonly problem: DestinationProblem; readonly place: string };

/** Where a text that somebody typed or followed leads from this page, which serves the hosts of one server. */
export function destinationOf(text: string, config: Pick<ServerConfig, "serverKey" | "idServer">): Destination {
  const parsed = parseTarget(text);
  if (parsed.type === "invalid") return { type: "problem", problem: parsed.problem, place: "" };
  const { target, fromLink, hadPassword } = parsed;
  if (target.type === "address") return { type: "problem", problem: "direct-address", place: target.host };
  if (!isOurs(target, config)) return { type: "problem", problem: "other-server", place: target.server?.host ?? "" };
  return { type: "host", hostId: target.id, relay: target.relay, fromLink, hadPassword };
}

/** As it stands in the field, and as a person could have typed it. */
export function destinationText({ hostId, relay }: { readonly hostId: string; readonly relay: boolean }): string {
  return relay ? `${hostId}/r` : hostId;
}

/** The place of a session in this page. */
export function pathTo({ hostId, relay }: { readonly hostId: string; readonly relay: boolean }): string {
  return `/connect/${encodeURIComponent(hostId)}${relay ? "/r" : ""}`;
}

/** A key names a server for certain; without one, the name under which this page was opened does. */
function isOurs(
  { server, serverKey }: Extract<Target, { type: "id" }>,
  config: Pick<ServerConfig, "serverKey" | "idServer">,
): boolean {
  if (server === undefined) return true;
  if (serverKey !== undefined) return serverKey === config.serverKey;
  return server.host === new URL(config.idServer).hostname.replace(/^\[(.*)\]$/, "$1");
}
