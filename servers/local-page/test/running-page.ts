import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { Log, LogFields } from "@pulpit/link-node";
import { WebSocket } from "ws";
import type { LocalPageConfig } from "../src/config.ts";
import { type LocalPage, startLocalPage } from "../src/local-page.ts";
import { PageDoor, type PageDoorOptions } from "../src/page-door.ts";

/** The path of the page's WebSocket. */
const CHANNEL = "/channel";
/** WebSockets that may be in at a time. */
export const MOST_IN = 4;
/** Longest message of a page, bytes. */
export const LONGEST = 1024;
/** HTTP connections at a time. */
export const CONNECTIONS = 40;
export const CODES = { notLetIn: 4001, tooMany: 4002, over: 4003 } as const;

export interface RunningPage {
  readonly page: LocalPage;
  /** Every line of the log, as text. */
  readonly lines: string[];
  /** Puts the clock on, ms; alarms that are due ring. */
  advance(by: number): void;
}

/** A page of two files whose door tells the key to whoever comes in, and what they say afterwards back to them. */
export async function runningPage(
  t: TestContext,
  config: Partial<Pick<LocalPageConfig, "users" | "policy" | "fallback">> = {},
): Promise<RunningPage> {
  const lines: string[] = [];
  let time = 0;
  const alarms = new Set<{ readonly when: number; readonly ring: () => void }>();
  const clock: PageDoorOptions["clock"] = {
    now: () => time,
    alarm(when, ring) {
      const alarm = { when, ring };
      alarms.add(alarm);
      return () => alarms.delete(alarm);
    },
  };
  const door = new PageDoor({
    most: MOST_IN,
    maxMessage: LONGEST,
    codes: CODES,
    clock,
    entered(socket, key) {
      socket.send(JSON.stringify({ welcome: key }));
      socket.on("message", (data) => socket.send(JSON.stringify({ echo: data.toString() })));
    },
  });
  const page = await startLocalPage(
    { root: siteFor(t), port: 0, users: "own", maxConnections: CONNECTIONS, ...config },
    { log: logInto(lines), now: clock.now, sockets: new Map([[CHANNEL, door]]) },
  );
  t.after(() => page[Symbol.asyncDispose]());
  return {
    page,
    lines,
    advance(by) {
      time += by;
      for (const alarm of alarms) {
        if (alarm.when > time) continue;
        alarms.delete(alarm);
        alarm.ring();
      }
    },
  };
}

/** The token in a link. */
export function tokenOf(link: string): string {
  return new URLSearchParams(new URL(link).hash.slice(1)).get("token") ?? "";
}

/** A page's end of the channel. */
export class TestTab {
  readonly socket: WebSocket;
  /** The close code. */
  readonly closed: Promise<number>;
  /** The WebSocket is there; nothing has been said on it. */
  readonly opened: Promise<void>;
  /** The key it got, or undefined when the channel ended without one. */
  readonly key: Promise<string | undefined>;
  /** What came after the key. */
  readonly echoes: string[] = [];

  /** `opening`: the first message; undefined sends none. */
  constructor(page: LocalPage, opening: unknown, origin: string = page.url.slice(0, -1)) {
    this.socket = new WebSocket(`ws://127.0.0.1:${page.port}${CHANNEL}`, { headers: { Origin: origin } });
    this.closed = new Promise((resolve) => this.socket.once("close", resolve));
    this.opened = new Promise((resolve) => this.socket.once("open", () => resolve()));
    this.key = new Promise((resolve) => {
      this.socket.on("message", (data) => {
        const { welcome, echo } = JSON.parse(data.toString()) as { readonly welcome?: string; readonly echo?: string };
        if (echo !== undefined) this.echoes.push(echo);
        resolve(welcome);
      });
      void this.closed.then(() => resolve(undefined));
    });
    this.socket.on("error", () => undefined);
    if (opening !== undefined) void this.opened.then(() => this.say(opening));
  }

  say(message: unknown): void {
    this.socket.send(JSON.stringify(message));
  }

  /** Goes, and waits until it is gone. */
  async leave(): Promise<void> {
    this.socket.close();
    await this.closed;
  }
}

/** Sends bytes to the page's server and gives everything that comes back until it closes. */
export function raw(
  port: number,
  request: string,
  from: { readonly localAddress?: string; readonly localPort?: number } = {},
): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1", ...from });
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
    });
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(text));
    socket.write(request);
  });
}

/** A request by hand, with headers of its own. */
export function requestFor(path: string, headers: readonly string[], method = "GET"): string {
  return [`${method} ${path} HTTP/1.1`, "Connection: close", ...headers, "\r\n"].join("\r\n");
}

/** … for the WebSocket. */
export function upgradeRequest(headers: readonly string[], path: string = CHANNEL): string {
  return [
    `GET ${path} HTTP/1.1`,
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
    ...headers,
    "\r\n",
  ].join("\r\n");
}

/** The status of an answer as it came. */
export function statusOf(answer: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);
}

/** A folder with the page's files, beside one that is none of its business. */
function siteFor(t: TestContext): string {
  const root = mkdtempSync(join(tmpdir(), "pulpit-page-"));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const site = join(root, "site");
  mkdirSync(join(site, "assets"), { recursive: true });
  writeFileSync(join(root, "secret.txt"), "secret");
  writeFileSync(join(site, "index.html"), "<!doctype html><title>the page</title>");
  writeFileSync(join(site, "assets", "main.js"), "export {};");
  symlinkSync(join(root, "secret.txt"), join(site, "link.txt"));
  return site;
}

function logInto(lines: string[]): Log {
  const line = (message: string, fields: LogFields = {}): void => {
    lines.push(`${message} ${JSON.stringify(fields)}`);
  };
  const log: Log = { debug: line, info: line, warn: line, error: line, child: () => log };
  return log;
}
