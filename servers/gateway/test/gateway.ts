import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Link } from "@pulpit/link";
import { type Log, silentLog } from "@pulpit/link-node";
import { GATEWAY_DEFAULTS, type GatewayConfig } from "../src/config.ts";
import type { Readiness } from "../src/readiness.ts";
import { type GatewayServer, startGateway } from "../src/server.ts";

export const HOST = "127.0.0.1";

/** A gateway on free ports of loopback with a page, and servers behind it that send back what they get. */
export interface TestGateway extends AsyncDisposable {
  readonly gateway: GatewayServer;
  readonly port: number;
  /** Beside the page, which it must not be possible to leave; `secret` stands in it. */
  readonly folder: string;
  /** Who came, as the servers behind were told. */
  readonly came: string[];
  /** Lines with `warn` or `info`. */
  readonly lines: string[];
}

export async function testGateway(
  settings: Partial<GatewayConfig> = {},
  ready: () => Readiness | Promise<Readiness> = () => ({ type: "ready" }),
): Promise<TestGateway> {
  const folder = mkdtempSync(join(tmpdir(), "pulpit-gateway-"));
  const webRoot = join(folder, "web");
  mkdirSync(join(webRoot, "assets"), { recursive: true });
  writeFileSync(join(webRoot, "index.html"), "<!doctype html>client");
  writeFileSync(join(webRoot, "assets", "a.js"), "1");
  writeFileSync(join(folder, "secret"), "nobody may read this");
  const came: string[] = [];
  const lines: string[] = [];
  const line = (message: string, fields: object = {}): void => {
    lines.push(`${message} ${JSON.stringify(fields)}`);
  };
  const log: Log = { ...silentLog, info: line, warn: line };
  try {
    const gateway = await startGateway(
      { ...GATEWAY_DEFAULTS, port: 0, host: HOST, webRoot, serverKey: "the key", ...settings },
      {
        log,
        ready,
        acceptId(link, from) {
          came.push(`id ${from.host} ${from.port}`);
          return echo(link);
        },
        acceptRelay(link, address) {
          came.push(`relay ${address}`);
          return echo(link);
        },
      },
    );
    return {
      gateway,
      port: gateway.port,
      folder,
      came,
      lines,
      async [Symbol.asyncDispose]() {
        await gateway[Symbol.asyncDispose]();
        rmSync(folder, { recursive: true });
      },
    };
  } catch (error) {
    rmSync(folder, { recursive: true });
    throw error;
  }
}

async function echo(link: Link): Promise<void> {
  try {
    for (let message = await link.receive(); message !== undefined; message = await link.receive())
      await link.send(message);
  } catch {
    // A link that broke is over.
  }
  await link.close();
}

/** Sends text as it is and collects what comes back until the other side closes. */
export function raw(port: number, text: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = "";
    const socket = connect(port, HOST, () => socket.write(text));
    socket.on("data", (chunk) => {
      answer += chunk.toString("latin1");
    });
    socket.on("error", () => resolve(answer));
    socket.on("close", () => resolve(answer));
  });
}

/** The bytes with which a WebSocket begins; `more`: header lines. */
export function upgrade(path: string, more: string = ""): string {
  return (
    `GET ${path} HTTP/1.1\r\nHost: ${HOST}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
    `Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n${more}\r\n`
  );
}

/** Status of the answer to such a beginning; the connection is dropped then. */
export function upgradeStatus(port: number, path: string, more?: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, HOST, () => socket.write(upgrade(path, more)));
    socket.on("error", reject);
    socket.on("close", () => reject(new Error("closed without an answer")));
    socket.once("data", (chunk) => {
      resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(chunk.toString("latin1"))?.[1]));
      socket.destroy();
    });
  });
}
