import { settingName } from "../settings/setting.ts";
import { UsageError } from "../usage.ts";
import type { EffectiveConfig } from "./read-config.ts";
import type { ServerConfig } from "./server-config.ts";

/** What is right on its own and wrong together. Throws UsageError that names both places. */
export function checkTogether({ config, origins }: Pick<EffectiveConfig, "config" | "origins">): void {
  const at = (member: keyof ServerConfig): string => `${settingName(member)} (${origins[member]})`;
  const needs = (one: keyof ServerConfig, other: keyof ServerConfig): void => {
    if (config[one] !== undefined && config[other] === undefined)
      throw new UsageError(`${at(one)} needs ${settingName(other)} too`);
  };
  needs("tlsCert", "tlsKey");
  needs("tlsKey", "tlsCert");
  needs("redirectPort", "tlsCert");
  needs("acmeFolder", "redirectPort");
  needs("softwareVersion", "softwareUrl");
  needs("softwareUrl", "softwareVersion");
  const { port, webPort, redirectPort, metrics } = config;
  const taken = new Map<number, string>();
  const take = (number: number | undefined, whose: string): void => {
    if (number === undefined || number === 0) return;
    const other = taken.get(number);
    if (other !== undefined) throw new UsageError(`Port ${number} is wanted twice: by ${other} and by ${whose}`);
    taken.set(number, whose);
  };
  if (port !== 0) {
    // ID server: port − 1, port, port + 2; relay: port + 1, port + 3.
    for (let offset = -1; offset <= 3; offset++) take(port + offset, at("port"));
  }
  take(webPort, at("webPort"));
  take(redirectPort, at("redirectPort"));
  take(metrics?.port, at("metrics"));
}
