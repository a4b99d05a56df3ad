import { setImmediate as nextTurn } from "node:timers/promises";
import {
  type CommandHandlers,
  type CommandName,
  commandIn,
  HostRefusal,
  type HostView,
  PageClose,
  type PageMessage,
} from "@pulpit/host-control";
import type { Log } from "@pulpit/link-node";
import { part } from "@pulpit/local-page";
import type { WebSocket } from "ws";
import { CommandBudget } from "./command-budget.ts";
import { MAX_QUEUED, MAX_UNREAD } from "./config.ts";

/** Close code for what is no message of this channel (RFC 6455, section 7.4.1). */
const POLICY_VIOLATION = 1008;
/** … and for a page whose view could not be made. */
const SERVER_ERROR = 1011;
/** Commands that carry secrets, or answer with one: not even an error's words are logged. */
const SECRETIVE = /^(view|password|one-time|second-factor)\b/;

export interface PageWorld {
  readonly log: Log;
  readonly handlers: CommandHandlers;
  readonly view: () => HostView;
  /** ms. */
  readonly now: () => number;
}

/** A page that is in: it is shown every change, and its commands are carried out one after the other. */
export class Page {
  readonly #socket: WebSocket;
  readonly #world: PageWorld;
  readonly #budget: CommandBudget;
  readonly #queue: { readonly number: number; readonly said: unknown }[] = [];
  #busy = false;
  #viewUnderWay = false;
  #viewStale = false;

  constructor(socket: WebSocket, world: PageWorld) {
    this.#socket = socket;
    this.#world = world;
    this.#budget = new CommandBudget(world.now());
  }

  welcome(key: string): void {
    this.#send({ type: "welcome", key });
    this.changed();
  }

  /** Something is different: the page gets the newest view, as soon as it has taken the one before. */
  changed(): void {
    this.#viewStale = true;
    if (this.#viewUnderWay) return;
    const view = this.#view();
    if (view === undefined) return;
    this.#viewStale = false;
    this.#viewUnderWay = true;
    this.#send({ type: "view", view }, () => {
      this.#viewUnderWay = false;
      if (this.#viewStale) this.changed();
    });
  }

  /** A message of the page, which is bounded in size. */
  received(text: string | undefined): void {
    const said = text === undefined ? undefined : parsed(text);
    const number = (said as { readonly number?: unknown } | null | undefined)?.number;
    if (!Number.isSafeInteger(number)) {
      void part(this.#socket, POLICY_VIOLATION);
    } else if (!this.#budget.take(this.#world.now()) || this.#queue.length >= MAX_QUEUED) {
      this.#queue.length = 0;
      void part(this.#socket, PageClose.tooMany);
    } else {
      this.#queue.push({ number: number as number, said });
      if (!this.#busy) void this.#work();
    }
  }

  async #work(): Promise<void> {
    this.#busy = true;
    for (let next = this.#queue.shift(); next !== undefined && this.#isOpen; next = this.#queue.shift()) {
      this.#send(await this.#answerTo(next.number, next.said));
      // What was sent leaves first: a page that reads is never taken for one that does not.
      await nextTurn();
    }
    this.#busy = false;
  }

  async #answerTo(number: number, said: unknown): Promise<PageMessage> {
    const command = commandIn(said);
    if (command === undefined) return { type: "refusal", number, code: "bad-question" };
    try {
      // The shape was checked against the table that gives the handler its type.
      const handler = this.#world.handlers[command.name] as (ask: unknown) => unknown;
      return { type: "answer", number, answer: await handler(command.ask) };
    } catch (error) {
      if (!(error instanceof HostRefusal)) {
        this.#world.log.error("a command of the page failed", { question: command.name, ...reason(error, command) });
        return { type: "refusal", number, code: "broken" };
      }
      const { code, detail } = error;
      return { type: "refusal", number, code, ...(detail === undefined ? {} : { detail }) };
    }
  }

  #view(): HostView | undefined {
    try {
      return this.#world.view();
    } catch (error) {
      this.#world.log.error("a view for the page could not be made", reason(error, { name: "view" }));
      void part(this.#socket, SERVER_ERROR);
      return undefined;
    }
  }

  get #isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  #send(message: PageMessage, sent?: () => void): void {
    if (!this.#isOpen) return;
    if (this.#socket.bufferedAmount > MAX_UNREAD) {
      this.#world.log.warn("a page does not read: closed");
      this.#socket.terminate();
      return;
    }
    this.#socket.send(JSON.stringify(message), sent);
  }
}

function reason(error: unknown, { name }: { readonly name: CommandName }): { readonly reason: string } {
  const kind = error instanceof Error ? error.name : typeof error;
  return { reason: SECRETIVE.test(name) ? kind : String(error) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
