import type { IncomingMessage } from "node:http";
import { TLSSocket } from "node:tls";
import { type AddressList, clientAddress, plainAddress } from "@pulpit/link-node";

/** What a request says about its sender, a trusted proxy's word included. */
export interface Client {
  readonly address: string;
  /** `local`: plain HTTP that never left this machine; browsers take it for as good as HTTPS. */
  readonly came: "encrypted" | "local" | "plain";
  /** The name it was asked under. */
  readonly host: string | undefined;
}

/** Loopback, as an address or as a name that can be nothing else. */
export function isLoopback(host: string): boolean {
  return /^(127(\.\d{1,3}){3}|::1|localhost)$/.test(plainAddress(host));
}

export function clientOf(request: IncomingMessage, trusted: AddressList): Client {
  const { headers, socket } = request;
  const address = clientAddress(request, trusted);
  const proxied = trusted.has(plainAddress(socket.remoteAddress));
  const forwardedHost = proxied ? lastOf(headers["x-forwarded-host"]) : undefined;
  const forwardedScheme = proxied ? lastOf(headers["x-forwarded-proto"])?.toLowerCase() : undefined;
  const local = isLoopback(address) ? "local" : "plain";
  const byProxy = forwardedScheme === undefined ? local : forwardedScheme === "https" ? "encrypted" : "plain";
  return {
    address,
    came: socket instanceof TLSSocket ? "encrypted" : byProxy,
    host: forwardedHost ?? headers.host,
  };
}

/** What the proxy next to us added; what stands before it is hearsay. */
function lastOf(value: string | string[] | undefined): string | undefined {
  const last = typeof value === "string" ? value.split(",").at(-1)?.trim() : undefined;
  return last === "" ? undefined : last;
}
