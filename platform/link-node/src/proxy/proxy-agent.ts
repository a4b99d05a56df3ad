import { Agent } from "node:http";
import { isIP } from "node:net";
import type { Duplex } from "node:stream";
import { connect as tlsConnect } from "node:tls";
import { linkError } from "../from-errno.ts";
import { openThroughProxy } from "./dial-through-proxy.ts";
import type { ProxySetting } from "./proxy-setting.ts";

interface Destination {
  readonly host?: string | null;
  readonly port?: number | string | null;
  readonly servername?: string;
}

/**
 * For WebSockets (and HTTP) through a proxy: `new WebSocket(url, { agent: new ProxyAgent(…) })`. `secure` for wss and
 * https: TLS with the server itself, inside the tunnel. `signal` ends attempts that are under way.
 */
export class ProxyAgent extends Agent {
  /** Compared by Node with the URL's. */
  readonly protocol: "http:" | "https:";
  readonly #proxy: ProxySetting;
  readonly #options: {
    readonly secure: boolean;
    readonly signal: AbortSignal;
    readonly authorities?: readonly string[];
  };

  constructor(
    proxy: ProxySetting,
    options: {
      readonly secure: boolean;
      readonly signal: AbortSignal;
      /** Authorities for the proxy and the server, PEM, instead of the system's. */
      readonly authorities?: readonly string[];
    },
  ) {
    super({ keepAlive: false });
    this.protocol = options.secure ? "https:" : "http:";
    this.#proxy = proxy;
    this.#options = options;
  }

  override createConnection(
    options: Destination,
    callback: (error: Error | null, stream: Duplex) => void = () => undefined,
  ): undefined {
    this.#open(options).then(
      (stream) => callback(null, stream),
      // Node's types want a stream even where there is none.
      (error: unknown) => callback(linkError(error), undefined as never),
    );
    return undefined;
  }

  async #open({ host, port, servername }: Destination): Promise<Duplex> {
    const { secure, authorities } = this.#options;
    const name = (host ?? "").replace(/^\[(.*)\]$/, "$1");
    const socket = await openThroughProxy(this.#proxy, { host: name, port: Number(port) }, this.#options);
    if (!secure) return socket;
    const serverName = servername || (isIP(name) === 0 ? name : "");
    return tlsConnect({
      socket,
      // What the certificate is compared with; nothing is looked up, the socket is there.
      host: name,
      ...(serverName === "" ? {} : { servername: serverName }),
      ...(authorities === undefined ? {} : { ca: [...authorities] }),
    });
  }
}
