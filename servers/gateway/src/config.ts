/** What the gateway is told. GATEWAY_DEFAULTS has what nobody decided otherwise. */
export interface GatewayConfig {
  /** Port of the web client. 0 takes a free one. */
  readonly port: number;
  /** Local address of all HTTP ports. */
  readonly host: string;
  /** Folder of the built web client. */
  readonly webRoot: string;
  /** Public key of the ID server, base64; handed to the web client. */
  readonly serverKey: string;
  /** Certificate, with its chain, and key, both PEM; undefined is plain HTTP. */
  readonly tls: TlsFiles | undefined;
  /**
   * Where plain HTTP is served: to this machine (and through trusted proxies that speak HTTPS), or to everybody.
   * Browsers show no desktop on a page that came by plain HTTP from another machine.
   */
  readonly plainHttp: "loopback" | "anywhere";
  /** Port that sends browsers on to the TLS port; undefined is none. Only with `tls`. */
  readonly redirectPort: number | undefined;
  /** Under which port browsers reach the TLS port, when it is not `port`: something in front maps it. */
  readonly publicPort: number | undefined;
  /** Folder in which an ACME client leaves its answers (`certbot --webroot`), served on the redirect port. */
  readonly acmeFolder: string | undefined;
  /** Browsers that came once insist on TLS for this long, s; 0 leaves it out. Only with `tls`. */
  readonly hstsSeconds: number;
  /** Addresses, or networks as CIDR, of proxies whose word on a client counts. */
  readonly trustedProxies: readonly string[];
  /** UDP port of the own STUN server, under the name the page was called by; undefined: none. */
  readonly stunPort: number | undefined;
  /** … and its second one: with both, a page learns what the NAT before it does with ports; undefined: none. */
  readonly natTestPort: number | undefined;
  /** Further STUN and TURN servers for browsers, as docs/protocol/webrtc.md, section 11.2, has them; often empty. */
  readonly iceServers: string;
  /** Pages of other sites that may open WebSockets here, as `https://name[:port]`. */
  readonly extraOrigins: readonly string[];
}

export interface TlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** A name is shared with whatever else runs on the machine, so HSTS is short and spares subdomains: 30 days. */
const HSTS_SECONDS: number = 30 * 24 * 60 * 60;

export const GATEWAY_DEFAULTS: Omit<GatewayConfig, "port" | "host" | "webRoot" | "serverKey"> = {
  tls: undefined,
  plainHttp: "loopback",
  redirectPort: undefined,
  publicPort: undefined,
  acmeFolder: undefined,
  hstsSeconds: HSTS_SECONDS,
  trustedProxies: [],
  stunPort: undefined,
  natTestPort: undefined,
  iceServers: "",
  extraOrigins: [],
};

/** WebSockets open through the gateway at a time. */
export const MAX_WEBSOCKETS = 5_000;
/** … and of one client. */
export const MAX_WEBSOCKETS_PER_ADDRESS = 256;
/** Connections at a time on each HTTP port: WebSockets never take all of them. */
export const MAX_CONNECTIONS = 6_000;
/** … and from one address, unless it is a trusted proxy. */
export const MAX_CONNECTIONS_PER_ADDRESS = 256;
/** Requests being answered at a time. */
export const MAX_REQUESTS = 1_000;
/** Largest message to the ID server, bytes (docs/protocol/wire.md, section 2.1). */
export const MAX_ID_MESSAGE: number = 64 * 1024;
/** A TLS handshake has to be over within this, ms. */
export const TLS_HANDSHAKE_WITHIN = 10_000;
/** Certificate and key are looked at this often, ms: whoever renews them need not tell. */
export const TLS_FILES_EVERY = 5_000;
/** The parts of the server have this long to say whether they are ready, ms. */
export const READY_WITHIN = 2_000;
/** One look at them serves everybody for so long, ms: strangers may ask as often as they like. */
export const READY_AGAIN_AFTER = 1_000;
