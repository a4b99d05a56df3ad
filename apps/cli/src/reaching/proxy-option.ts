import { type ProxySetting, parseProxySetting } from "@pulpit/link-node";
import { ProfileFolder } from "@pulpit/profile-node";
import type { Env } from "../env.ts";
import { KeptSettings } from "../host-config/kept-settings.ts";
import { UsageError } from "../usage.ts";

/** The proxy that is meant: the one given, none, or by default that of this computer's host. Throws UsageError. */
export function proxyOf(given: string | undefined, env: Env): ProxySetting | undefined {
  if (given === "none") return undefined;
  if (given === undefined) return new KeptSettings(new ProfileFolder(env.home)).config.proxy;
  const parsed = parseProxySetting(given);
  if (parsed.type === "proxy") return parsed.proxy;
  // The text may hold a password.
  throw new UsageError("--proxy wants none, or a proxy such as socks5://HOST:1080 or http://USER:PASSWORD@HOST:3128");
}
