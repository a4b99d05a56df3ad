import { networkInterfaces } from "node:os";
import { ID_SERVER_PORT } from "@pulpit/protocol";

/** What a client is told so that it finds this server. */
export interface Joining {
  /** Names or addresses of this server, best first. */
  readonly hosts: readonly string[];
  readonly port: number;
  readonly relayPort: number;
  /** Base64. */
  readonly key: string;
}

/** What a person copies into a client, field by field, and in one piece. */
export interface JoiningTexts {
  readonly idServer: string;
  readonly relayServer: string;
  readonly key: string;
  /** For "Import server configuration" (docs/protocol/wire.md, section 9.7). */
  readonly configuration: string;
  readonly link: string;
}

/** The relay's port is found by adding one to the ID server's; only another one has to be told. */
export function joiningTexts({ port, relayPort, key }: Joining, host: string): JoiningTexts {
  const idServer = port === ID_SERVER_PORT ? host : withPort(host, port);
  const relayServer = port === ID_SERVER_PORT && relayPort === port + 1 ? host : withPort(host, relayPort);
  const relay = relayPort === port + 1 ? "" : relayServer;
  const configuration = configurationText({ host: idServer, relay, api: "", key });
  return { idServer, relayServer, key, configuration, link: `rustdesk://config/${configuration}` };
}

/** JSON, base64url, reversed. */
export function configurationText(server: {
  readonly host: string;
  readonly relay: string;
  readonly api: string;
  readonly key: string;
}): string {
  const { host, relay, api, key } = server;
  const text = Buffer.from(JSON.stringify({ host, relay, api, key }), "utf8").toString("base64url");
  return [...text].reverse().join("");
}

/** Addresses of this machine that others may reach it by, IPv4 first; loopback when there is no other. */
export function ownAddresses(): readonly string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses = []) => addresses);
  const outside = all.filter(({ internal, address }) => !internal && !address.startsWith("fe80:"));
  const of = (family: "IPv4" | "IPv6"): string[] =>
    outside.filter((item) => item.family === family).map(({ address }) => address);
  const found = [...of("IPv4"), ...of("IPv6")];
  return found.length > 0 ? found : ["127.0.0.1"];
}

/** Lines for the terminal. `known`: whether the owner said under which name clients come. */
export function joiningLines(joining: Joining, known: "told" | "guessed"): readonly string[] {
  const [host = "127.0.0.1", ...others] = joining.hosts;
  const texts = joiningTexts(joining, host);
  return [
    `  ID server     ${texts.idServer}`,
    `  Relay server  ${texts.relayServer}`,
    `  Key           ${texts.key}`,
    "",
    `  In one piece  ${texts.configuration}`,
    `  As a link     ${texts.link}`,
    "",
    `  Share a desktop: pulpit host --server ${texts.idServer} --key ${texts.key}`,
    "",
    ...(known === "told"
      ? []
      : [
          `  ${host} is an address of this machine${others.length > 0 ? ` (others: ${others.slice(0, 5).join(", ")})` : ""}.`,
          "  If clients reach it under another name, set public-host.",
          "",
        ]),
  ];
}

function withPort(host: string, port: number): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}
