import {
  hostName,
  list,
  localAddress,
  network,
  oneOf,
  optional,
  origin,
  path,
  text,
  wholeNumber,
} from "../settings/kinds.ts";
import type { Settings } from "../settings/setting.ts";
import type { NetworkConfig } from "./server-config.ts";

/** The relay's WebSocket port is three above; 0 takes free ones. */
const mainPort = {
  ...wholeNumber(0, 65_532),
  wanted: "a port number from 3 to 65532, or 0 for free ones",
  read: (value: string): number | undefined =>
    /^(0|[1-9]\d{0,4})$/.test(value) && (value === "0" || (+value >= 3 && +value <= 65_532)) ? +value : undefined,
};
const webPort = { ...wholeNumber(0, 65_535), wanted: "a port number, or 0 for a free one" };
const outsidePort = { ...wholeNumber(1, 65_535), wanted: "a port number from 1 to 65535" };

export const NETWORK_SETTINGS: Settings<NetworkConfig> = {
  port: {
    kind: mainPort,
    fallback: 21_116,
    short: "p",
    stock: ["PORT"],
    about:
      "Main port of the ID server, UDP and TCP; also the one below (TCP) and two above (WebSocket). The relay has the next one (TCP) and two above that (WebSocket). 0 takes free ones.",
  },
  host: {
    kind: optional(localAddress),
    fallback: undefined,
    otherwise: "all",
    short: "b",
    stock: ["BIND"],
    about: "Local address of these ports.",
  },
  publicHost: {
    kind: optional(hostName),
    fallback: undefined,
    otherwise: "the machine's addresses are shown",
    about: "Name or address under which clients reach this server, for what is printed at the start.",
  },
  webPort: {
    kind: webPort,
    fallback: 21_114,
    about: "Port of the web client, which is also the one port for browsers and WebSockets.",
  },
  iceServers: {
    kind: text,
    fallback: undefined,
    otherwise: "none",
    secret: true,
    about:
      "STUN and TURN servers that browsers are told beside this server's own STUN, with commas between: `stun:HOST:PORT`, `turn://USER:PASSWORD@HOST:PORT`. Whoever opens the page sees them.",
  },
  webHost: {
    kind: localAddress,
    fallback: "127.0.0.1",
    about: "Local address of the web port; 0.0.0.0 is every IPv4 one, :: every one.",
  },
  tlsCert: {
    kind: path,
    fallback: undefined,
    otherwise: "plain HTTP",
    about: "Certificate of the web port with its chain, a PEM file; read again when it changes.",
  },
  tlsKey: { kind: path, fallback: undefined, otherwise: "none", about: "Private key of the certificate, a PEM file." },
  plainHttp: {
    kind: oneOf("loopback", "anywhere"),
    fallback: "loopback",
    about:
      "Who is served pages without TLS: this machine (and trusted proxies that speak HTTPS), or everybody. Browsers show no remote desktop on such a page from elsewhere.",
  },
  redirectPort: {
    kind: optional(outsidePort),
    fallback: undefined,
    otherwise: "none",
    about: "Port that sends browsers on to TLS; needs a certificate.",
  },
  publicWebPort: {
    kind: optional(outsidePort),
    fallback: undefined,
    otherwise: "`web-port`",
    about: "Port under which browsers reach the web port when something in front maps it.",
  },
  acmeFolder: {
    kind: path,
    fallback: undefined,
    otherwise: "none",
    about: "Folder in which an ACME client (`certbot --webroot`) leaves its answers, served on `redirect-port`.",
  },
  hstsSeconds: {
    kind: wholeNumber(0, 63_072_000),
    fallback: 2_592_000,
    about: "Browsers that came once insist on TLS for this long, seconds; 0 leaves it out.",
  },
  trustedProxies: {
    kind: list(network),
    fallback: [],
    otherwise: "none",
    about: "Addresses or networks of reverse proxies whose word on a client's address counts.",
  },
  extraOrigins: {
    kind: list(origin),
    fallback: [],
    otherwise: "none",
    about: "Origins of other sites whose pages may open WebSockets here.",
  },
  fastPath: {
    kind: oneOf("auto", "portable"),
    fallback: "auto",
    about: "How datagrams and relayed bytes are moved: by system calls where this machine can, or by Node alone.",
  },
  receiveBuffer: {
    kind: wholeNumber(0, 1_073_741_824),
    fallback: 4_194_304,
    short: "M",
    stock: ["RMEM"],
    about: "What the system keeps of datagrams while the server is busy, bytes; 0 is the system's default.",
  },
};
