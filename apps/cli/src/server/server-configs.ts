import { GATEWAY_DEFAULTS, type GatewayConfig } from "@pulpit/gateway";
import { RELAY_DEFAULTS, type RelayConfig } from "@pulpit/relay";
import { RENDEZVOUS_DEFAULTS, type RendezvousConfig, type RendezvousServer, type ServerKey } from "@pulpit/rendezvous";
import type { ServerConfig } from "../server-config/server-config.ts";

/** Whether viewers have to show the key, where nobody said so: an empty `key` says they need not, as in stock servers. */
function keyIsRequired({ requireKey, key }: ServerConfig): boolean {
  return requireKey ?? key !== "";
}

/** … and a relay asks for the key when the ID server does. */
function relayPolicyOf(config: ServerConfig): RelayConfig["policy"] {
  return config.relayPolicy ?? (keyIsRequired(config) ? "key" : "open");
}

export function relayConfigOf(
  config: ServerConfig,
  serverKey: ServerKey,
  lists: { readonly refused: readonly string[]; readonly throttled: readonly string[] },
): RelayConfig {
  return {
    ...RELAY_DEFAULTS,
    port: config.port === 0 ? 0 : config.port + 1,
    host: config.host,
    policy: relayPolicyOf(config),
    serverKey,
    bandwidth: {
      total: config.totalBandwidth,
      single: config.singleBandwidth,
      perAddress: config.addressBandwidth ?? Number.POSITIVE_INFINITY,
      limitSpeed: config.limitSpeed,
      downgradeThreshold: config.downgradeThreshold,
      downgradeAfter: config.downgradeStartCheck,
    },
    ...lists,
    trustedProxies: config.trustedProxies,
    dataPath: config.fastPath === "auto" ? "fast" : "portable",
  };
}

/** `ownRelay`: the address of the relay here, where it is known; without one, hosts take the ID server's next port. */
export function rendezvousConfigOf(config: ServerConfig, ownRelay: string | undefined): RendezvousConfig {
  const { softwareVersion: version, softwareUrl: url } = config;
  const own = ownRelay === undefined ? [] : [ownRelay];
  return {
    ...RENDEZVOUS_DEFAULTS,
    port: config.port,
    host: config.host,
    relayServers: config.relayServers.length > 0 ? config.relayServers : own,
    foreignRelays: config.foreignRelays,
    requireKey: keyIsRequired(config),
    answersFromAnywhere: config.answersFromAnywhere,
    alwaysRelay: config.alwaysUseRelay,
    hideUnknown: config.hideUnknown,
    update: { serial: config.updateSerial, servers: config.updateServers },
    software: version === undefined || url === undefined ? undefined : { version, url },
    trustedProxies: config.trustedProxies,
    maxDevices: config.maxDevices,
    newIdsPerDay: config.newIdsPerDay,
    connectionsPerAddress: config.connectionsPerAddress,
    datagramPath: config.fastPath === "auto" ? "fast" : "portable",
    receiveBuffer: config.receiveBuffer,
    enrolment: config.enrolment,
    keyChange: config.keyChange,
  };
}

/** `ports`: of the ID server that runs. */
export function gatewayConfigOf(
  config: ServerConfig,
  webRoot: string,
  serverKey: ServerKey,
  ports: Pick<RendezvousServer["ports"], "main" | "stun">,
): GatewayConfig {
  const { tlsCert: certFile, tlsKey: keyFile } = config;
  return {
    ...GATEWAY_DEFAULTS,
    port: config.webPort,
    host: config.webHost,
    webRoot,
    serverKey: serverKey.publicText,
    tls: certFile === undefined || keyFile === undefined ? undefined : { certFile, keyFile },
    plainHttp: config.plainHttp,
    redirectPort: config.redirectPort,
    publicPort: config.publicWebPort,
    acmeFolder: config.acmeFolder,
    hstsSeconds: config.hstsSeconds,
    trustedProxies: config.trustedProxies,
    extraOrigins: config.extraOrigins,
    stunPort: ports.main,
    natTestPort: ports.stun,
    iceServers: config.iceServers ?? "",
  };
}
