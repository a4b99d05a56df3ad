import { connect, createServer, type Socket } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { GATEWAY_DEFAULTS, startGateway } from "@pulpit/gateway";
import { silentLog } from "@pulpit/link-node";
import type { Servers } from "../world.ts";

const WEB_ROOT = join(dirname(fileURLToPath(import.meta.url)), "../../../../apps/web/dist");

/** A reverse proxy in front of the servers, for clients from anywhere in the world. */
export interface Proxied extends AsyncDisposable {
  /** The same servers, reached by a client whose address is this one. */
  from(address: string): Servers;
  /** … by a client that itself sends these headers through the proxy. */
  saying(address: string, headers: Readonly<Record<string, string>>): Servers;
}

/** Sockets of a test's own listener, ended with it. */
interface Front extends AsyncDisposable {
  readonly port: number;
}

/** A second gateway of the same servers, which takes its proxy's word on clients, and that proxy. */
export async function startProxied(servers: Servers): Promise<Proxied> {
  const stack = new AsyncDisposableStack();
  const { rendezvous, relay, key } = servers;
  const gateway = stack.use(
    await startGateway(
      {
        ...GATEWAY_DEFAULTS,
        port: 0,
        host: "127.0.0.1",
        webRoot: WEB_ROOT,
        serverKey: key.publicText,
        trustedProxies: ["127.0.0.1"],
      },
      { log: silentLog, acceptId: rendezvous.accept, acceptRelay: relay.accept, ready: () => ({ type: "ready" }) },
    ),
  );
  const front = stack.use(await startFront(gateway.port));
  const place = (address: string, said: Readonly<Record<string, string>>): Servers => {
    const words = encodeURIComponent(JSON.stringify({ address, said }));
    return { ...servers, url: `http://127.0.0.1:${front.port}/${words}` };
  };
  return {
    from: (address) => place(address, {}),
    saying: place,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/**
 * A client straight at the servers' own gateway, which trusts no proxy, with headers it made up. Ends with `front`.
 */
export async function startLiar(
  servers: Servers,
  headers: Readonly<Record<string, string>>,
): Promise<AsyncDisposable & { readonly servers: Servers }> {
  const front = await startFront(servers.gateway.port, false);
  const words = encodeURIComponent(JSON.stringify({ address: "", said: headers }));
  return {
    servers: { ...servers, url: `http://127.0.0.1:${front.port}/${words}` },
    [Symbol.asyncDispose]: () => front[Symbol.asyncDispose](),
  };
}

/** Takes the first segment of the path for what it has to say, and passes on everything behind the request. */
async function startFront(port: number, isProxy = true): Promise<Front> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(port, "127.0.0.1");
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
      socket.on("close", () => sockets.delete(socket));
    }
    client.on("close", () => upstream.destroy());
    upstream.on("close", () => client.destroy());
    client.once("data", (first) => {
      upstream.write(forwarded(first.toString("latin1"), isProxy), "latin1");
      client.pipe(upstream);
    });
    upstream.pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    port: address.port,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** The request as it goes on: a proxy adds whom it speaks for behind what the client said itself. */
function forwarded(request: string, isProxy: boolean): string {
  const [, words = "", rest = ""] = /^GET \/([^/]+)(\/.*)$/s.exec(request) ?? [];
  const { address, said } = JSON.parse(decodeURIComponent(words)) as {
    readonly address: string;
    readonly said: Readonly<Record<string, string>>;
  };
  const { "X-Forwarded-For": chain, ...others } = said;
  const added = isProxy
    ? { "X-Forwarded-For": chain === undefined ? address : `${chain}, ${address}`, "X-Forwarded-Proto": "https" }
    : said;
  const lines = Object.entries({ ...others, ...added }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `GET ${rest.replace("\r\n", `\r\n${lines.join("")}`)}`;
}
