import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { type CommandHandlers, type HostView, PAGE_CHANNEL_PATH, type PageMessage } from "@pulpit/host-control";
import type { Log, LogFields } from "@pulpit/link-node";
import { WebSocket } from "ws";
import type { PanelConfig } from "../src/config.ts";
import { type Panel, type PanelWorld, startPanel } from "../src/panel.ts";

export interface RunningPanel {
  readonly panel: Panel;
  /** Every line of the log, as text. */
  readonly lines: string[];
  /** Puts the clock on, ms; alarms that are due ring. */
  advance(by: number): void;
  /** Tells the panel that the view is another one, with this ID. */
  show(id: string): void;
  /** Listeners for changes at the moment. */
  listeners(): number;
}

/** A panel with a page of one file, a clock of its own and the handlers a test is about. */
export async function runningPanel(
  t: TestContext,
  own: {
    readonly handlers?: Partial<CommandHandlers>;
    readonly users?: PanelConfig["users"];
    view?: () => HostView;
  } = {},
): Promise<RunningPanel> {
  const root = mkdtempSync(join(tmpdir(), "pulpit-panel-"));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  writeFileSync(join(root, "index.html"), "<!doctype html><title>the page</title>");

  const lines: string[] = [];
  const listeners = new Set<() => void>();
  let id = "first";
  let time = 0;
  const alarms = new Set<{ readonly when: number; readonly ring: () => void }>();
  const clock: NonNullable<PanelWorld["clock"]> = {
    now: () => time,
    alarm(when, ring) {
      const alarm = { when, ring };
      alarms.add(alarm);
      return () => alarms.delete(alarm);
    },
  };
  const panel = await startPanel(
    { root, port: 0, users: own.users ?? "own" },
    {
      log: logInto(lines),
      clock,
      // Those a test asks; another one would be a mistake of the test.
      handlers: (own.handlers ?? {}) as CommandHandlers,
      view: own.view ?? (() => ({ id }) as HostView),
      onChanged(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
  );
  t.after(() => panel[Symbol.asyncDispose]());
  return {
    panel,
    lines,
    advance(by) {
      time += by;
      for (const alarm of alarms) {
        if (alarm.when > time) continue;
        alarms.delete(alarm);
        alarm.ring();
      }
    },
    show(next) {
      id = next;
      for (const listener of listeners) listener();
    },
    listeners: () => listeners.size,
  };
}

/** The token in a link. */
export function tokenOf(link: string): string {
  return new URLSearchParams(new URL(link).hash.slice(1)).get("token") ?? "";
}

/** A page's end of the channel, with everything that has come. */
export class TestPage {
  readonly socket: WebSocket;
  readonly messages: PageMessage[] = [];
  /** The close code. */
  readonly closed: Promise<number>;
  readonly #waiting = new Set<() => void>();

  /** `opening`: the first message; undefined sends none. */
  constructor(panel: Panel, opening: unknown, origin: string = panel.url.slice(0, -1)) {
    this.socket = new WebSocket(`ws://127.0.0.1:${panel.port}${PAGE_CHANNEL_PATH}`, { headers: { Origin: origin } });
    this.closed = new Promise((resolve) => this.socket.once("close", resolve));
    this.socket.on("error", () => undefined);
    this.socket.on("message", (data) => {
      this.messages.push(JSON.parse(data.toString()) as PageMessage);
      for (const look of this.#waiting) look();
    });
    if (opening !== undefined) this.socket.once("open", () => this.say(opening));
  }

  say(message: unknown): void {
    this.socket.send(JSON.stringify(message));
  }

  /** The first message of that type that fits, come or to come; rejects when the channel ends without it. */
  got<T extends PageMessage["type"]>(
    type: T,
    fits: (message: Extract<PageMessage, { type: T }>) => boolean = () => true,
  ): Promise<Extract<PageMessage, { type: T }>> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = this.messages.find(
          (message): message is Extract<PageMessage, { type: T }> =>
            message.type === type && fits(message as Extract<PageMessage, { type: T }>),
        );
        if (found === undefined) return;
        this.#waiting.delete(look);
        resolve(found);
      };
      this.#waiting.add(look);
      void this.closed.then((code) => reject(new Error(`closed with ${code} before ${type}`)));
      look();
    });
  }
}

/** A page that is in. */
export async function pageIn(panel: Panel): Promise<TestPage> {
  const page = new TestPage(panel, { token: tokenOf(panel.link()) });
  await page.got("welcome");
  return page;
}

function logInto(lines: string[]): Log {
  const line = (message: string, fields: LogFields = {}): void => {
    lines.push(`${message} ${JSON.stringify(fields)}`);
  };
  const log: Log = { debug: line, info: line, warn: line, error: line, child: () => log };
  return log;
}
