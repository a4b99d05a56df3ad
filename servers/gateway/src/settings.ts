import { AddressList, AddressListError } from "@pulpit/link-node";
import { isLoopback } from "./client.ts";
import type { GatewayConfig } from "./config.ts";
import { GatewayError } from "./errors.ts";
import { Origins } from "./origins.ts";

/** Settings that have been looked at. */
export interface Settings {
  readonly trusted: AddressList;
  readonly origins: Origins;
}

/** Throws GatewayError for what can't be, or would serve strangers worse than its owner knows. */
export function settingsOf(config: GatewayConfig): Settings {
  const { host, tls, plainHttp } = config;
  const trusted = trustedIn(config.trustedProxies);
  // With a trusted proxy each request is looked at instead.
  if (tls === undefined && plainHttp === "loopback" && !isLoopback(host) && trusted.size === 0) {
    throw new GatewayError(
      "plain-http",
      `Plain HTTP is not opened to others (address ${host}): browsers show no remote desktop on such a page, and ` +
        "others could read along. Give a TLS certificate and key, name a trusted reverse proxy that speaks HTTPS, or " +
        "allow plain HTTP anywhere",
    );
  }
  if (config.redirectPort !== undefined && tls === undefined)
    throw new GatewayError("bad-setting", "A redirect port leads to TLS: give a certificate and key too");
  if (config.acmeFolder !== undefined && config.redirectPort === undefined)
    throw new GatewayError("bad-setting", "ACME answers are served on the redirect port: give one too");
  return { trusted, origins: new Origins(config.extraOrigins) };
}

function trustedIn(entries: readonly string[]): AddressList {
  try {
    return new AddressList(entries);
  } catch (cause) {
    if (!(cause instanceof AddressListError)) throw cause;
    throw new GatewayError("bad-setting", `Trusted proxies: ${cause.message}`, { cause });
  }
}
