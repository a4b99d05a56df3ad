/** Everything the owner of a server decides. What each means stands beside its name in the tables. */
export interface ServerConfig extends NetworkConfig, DeviceConfig, RelayingConfig, OperatingConfig {}

export interface NetworkConfig {
  readonly port: number;
  readonly host: string | undefined;
  readonly publicHost: string | undefined;
  readonly webPort: number;
  readonly webHost: string;
  readonly iceServers: string | undefined;
  readonly tlsCert: string | undefined;
  readonly tlsKey: string | undefined;
  readonly plainHttp: "loopback" | "anywhere";
  readonly redirectPort: number | undefined;
  readonly publicWebPort: number | undefined;
  readonly acmeFolder: string | undefined;
  readonly hstsSeconds: number;
  readonly trustedProxies: readonly string[];
  readonly extraOrigins: readonly string[];
  readonly fastPath: "auto" | "portable";
  readonly receiveBuffer: number;
}

export interface DeviceConfig {
  readonly key: string;
  readonly requireKey: boolean | undefined;
  readonly enrolment: "open" | "closed";
  readonly keyChange: "approval" | "same-address";
  readonly hideUnknown: boolean;
  readonly answersFromAnywhere: boolean;
  readonly maxDevices: number;
  readonly newIdsPerDay: number;
  readonly connectionsPerAddress: number;
  readonly updateSerial: number;
  readonly updateServers: readonly string[];
  readonly softwareVersion: string | undefined;
  readonly softwareUrl: string | undefined;
}

export interface RelayingConfig {
  readonly relayServers: readonly string[];
  readonly foreignRelays: boolean;
  readonly alwaysUseRelay: boolean;
  readonly relayPolicy: "open" | "key" | "ticket" | undefined;
  readonly totalBandwidth: number;
  readonly singleBandwidth: number;
  readonly addressBandwidth: number | undefined;
  readonly limitSpeed: number;
  readonly downgradeThreshold: number;
  readonly downgradeStartCheck: number;
  readonly blocklist: string | undefined;
  readonly blacklist: string | undefined;
}

export interface OperatingConfig {
  readonly data: string | undefined;
  readonly logLevel: "debug" | "info" | "warn";
  readonly metrics: { readonly host: string; readonly port: number } | undefined;
  readonly metricsToken: string | undefined;
  readonly drainSeconds: number;
}
