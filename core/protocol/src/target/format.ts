import { formatServerAddress, ID_SERVER_PORT, type ServerAddress } from "../rendezvous/server-address.ts";
import { DIRECT_PORT, type Target } from "./target.ts";

/** The shortest text that `parseTarget` makes the same target of. */
export function formatTarget(target: Target): string {
  if (target.type === "address") return addressText(target);
  return `${idText(target)}${target.serverKey === undefined ? "" : `?key=${target.serverKey}`}`;
}

/**
 * A link that fills in a viewer's field, never with a password. `rustdesk` is what stock programs know.
 * Undefined for an address with a zone: that is a network card of one computer and means nothing on another.
 */
export function formatTargetLink(target: Target, scheme: "pulpit" | "rustdesk"): string | undefined {
  const start = scheme === "pulpit" ? "pulpit:" : "rustdesk://connection/new/";
  if (target.type === "address") return target.host.includes("%") ? undefined : start + addressText(target);
  const key = target.serverKey === undefined ? "" : `?key=${encodeURIComponent(target.serverKey)}`;
  return `${start}${idText(target)}${key}`;
}

function idText({ id, relay, server }: Extract<Target, { type: "id" }>): string {
  return `${id}${relay ? "/r" : ""}${server === undefined ? "" : `@${serverText(server)}`}`;
}

function serverText(server: ServerAddress): string {
  return server.port === ID_SERVER_PORT ? server.host : formatServerAddress(server);
}

/** A name without a dot would be an ID if it had no port. */
function addressText(address: ServerAddress): string {
  const plain = address.port === DIRECT_PORT && /[.:]|^localhost$/.test(address.host);
  return plain ? address.host : formatServerAddress(address);
}
