import { type CommandHandlers, type HostView, PAGE_CHANNEL_PATH } from "@pulpit/host-control";
import { type Log, nodeClock } from "@pulpit/link-node";
import { startLocalPage } from "@pulpit/local-page";
import { Channel } from "./channel.ts";
import { MAX_CONNECTIONS, type PanelConfig } from "./config.ts";

export interface PanelWorld {
  readonly log: Log;
  readonly handlers: CommandHandlers;
  readonly view: () => HostView;
  /** The listener is told that the view is another one now, until it is cancelled. */
  readonly onChanged: (listener: () => void) => () => void;
  readonly clock?: ReturnType<typeof nodeClock>;
}

export interface Panel extends AsyncDisposable {
  readonly port: number;
  /** Of the page; without a token it shows nothing. */
  readonly url: string;
  /** Which rule holds: `any` when it was asked for, or the system can't tell users apart. */
  readonly users: PanelConfig["users"];
  /** Pages that are open. */
  readonly pages: number;
  /**
   * The page with a token that lets it in once, within a minute. `forUser`: the uid whose browser it is for, the one
   * of this process by default.
   */
  link(forUser?: number): string;
}

/** Serves the host's page on 127.0.0.1. Rejects with what the system says about the port. */
export async function startPanel({ root, port, users }: PanelConfig, world: PanelWorld): Promise<Panel> {
  const { log, handlers, view, clock = nodeClock() } = world;
  const now = (): number => clock.now();
  const channel = new Channel({ log, handlers, view, now }, clock);
  const page = await startLocalPage(
    { root, port, users, maxConnections: MAX_CONNECTIONS },
    { log, now, sockets: new Map([[PAGE_CHANNEL_PATH, channel.door]]) },
  );
  const cancel = world.onChanged(() => channel.changed());
  log.info("the host's page is ready", { port: page.port });
  return {
    port: page.port,
    url: page.url,
    users: page.users,
    get pages() {
      return channel.pages;
    },
    link: (forUser) => page.link(forUser),
    async [Symbol.asyncDispose]() {
      cancel();
      await page[Symbol.asyncDispose]();
    },
  };
}
