import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { nodeClock, silentLog } from "@pulpit/link-node";
import { BRIDGE_PATHS } from "@pulpit/viewer";
import { WebSocket } from "ws";
import { type LocalViewer, startLocalViewer } from "../src/local-viewer.ts";
import type { Reaching } from "../src/visits.ts";

export const GREETING = {
  name: "192.168.1.20",
  ask: false,
  identity: { id: "987654321", name: "ada@desk", platform: "Linux" },
} as const;

export interface RunningViewer {
  readonly viewer: LocalViewer;
  /** How many pages were open after each change. */
  readonly pages: number[];
}

/** A local viewer with an empty page. */
export async function runningViewer(t: TestContext, reaching: Reaching): Promise<RunningViewer> {
  const root = mkdtempSync(join(tmpdir(), "pulpit-"));
  writeFileSync(join(root, "index.html"), "the page");
  const pages: number[] = [];
  const viewer = await startLocalViewer(
    { root, port: 0, users: "own" },
    {
      log: silentLog,
      clock: nodeClock(),
      greeting: GREETING,
      reaching,
      onPages: (open) => void pages.push(open),
    },
  );
  t.after(async () => {
    await viewer[Symbol.asyncDispose]();
    rmSync(root, { recursive: true });
  });
  return { viewer, pages };
}

/** A page's end of one of the two WebSockets, with everything that came. */
export class Tab {
  readonly socket: WebSocket;
  readonly closed: Promise<number>;
  readonly #heard: (Buffer | string)[] = [];
  #wake = (): void => undefined;

  constructor(viewer: LocalViewer, path: keyof typeof BRIDGE_PATHS, ...say: unknown[]) {
    const at = `127.0.0.1:${viewer.port}`;
    this.socket = new WebSocket(`ws://${at}${BRIDGE_PATHS[path]}`, { headers: { Origin: `http://${at}` } });
    this.closed = new Promise((resolve) => this.socket.once("close", resolve));
    this.socket.on("error", () => undefined);
    this.socket.on("open", () => {
      for (const message of say) this.socket.send(typeof message === "string" ? message : JSON.stringify(message));
    });
    this.socket.on("message", (data: Buffer, binary) => {
      this.#heard.push(binary ? data : data.toString());
      this.#wake();
    });
  }

  async next(): Promise<Buffer | string> {
    while (this.#heard.length === 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#heard.shift() as Buffer | string;
  }

  async nextJson(): Promise<Record<string, unknown>> {
    return JSON.parse(String(await this.next()));
  }
}

/** A page that is in, and the key it was given. */
export async function pageIn(viewer: LocalViewer): Promise<{ readonly page: Tab; readonly key: string }> {
  const token = new URL(viewer.link()).hash.slice("#token=".length);
  const page = new Tab(viewer, "page", { token });
  return { page, key: (await page.nextJson()).key as string };
}
