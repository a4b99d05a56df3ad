import {
  type Answer,
  type Ask,
  type CommandName,
  PageClose,
  type PageMessage,
  type PageOpening,
} from "@pulpit/host-control";
import { pageMessageIn } from "./page-message.ts";
import { nextState, OPENING, type PageEvent, type PageState } from "./page-state.ts";
import { Refused } from "./refused.ts";

/** One WebSocket, as far as it matters here. */
export interface Socket {
  send(text: string): void;
  close(): void;
}

export interface SocketEvents {
  opened(): void;
  received(text: string): void;
  /** Once, whatever the reason. */
  closed(code: number): void;
}

export interface ChannelWorld {
  open(events: SocketEvents): Socket;
  /** Of this tab only: the key must not outlive it. */
  readonly keys: Pick<Storage, "getItem" | "setItem" | "removeItem">;
  /** Milliseconds of any clock that never goes back. */
  now(): number;
  after(milliseconds: number, then: () => void): void;
}

const KEY = "pulpit.panel-key";
/** A host that restarts is back within seconds; after that the page asks seldom, ms. */
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 10_000;

interface Waiting {
  readonly answered: (answer: unknown) => void;
  readonly refused: (why: Refused) => void;
}

/** The page's line to its host: opens it, opens it again, shows what the host pushes, takes commands there. */
export class Channel {
  readonly #world: ChannelWorld;
  readonly #listeners = new Set<() => void>();
  readonly #waiting = new Map<number, Waiting>();
  #state: PageState = OPENING;
  #socket: Socket | undefined;
  #token: string | undefined;
  #number = 0;
  #failures = 0;

  /** `token`: of the link that the page was opened with, if it had one. */
  constructor(world: ChannelWorld, token: string | undefined) {
    this.#world = world;
    this.#token = token;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly state = (): PageState => this.#state;

  /** Opens the line; again after it was turned away because there were too many pages. */
  open(): void {
    const token = this.#token;
    const key = this.#world.keys.getItem(KEY);
    if (token !== undefined) this.#dial({ token });
    else if (key !== null) this.#dial({ key });
    else this.#happened({ type: "turned-away", why: "not-let-in" });
  }

  /** A new link was opened in this very tab. A page that is in, or on its way, has no use for it. */
  enter(token: string): void {
    if (this.#state.type !== "shut") return;
    this.#token = token;
    this.open();
  }

  /** Rejects with Refused only. */
  ask<N extends CommandName>(name: N, ask: Ask<N>): Promise<Answer<N>> {
    const socket = this.#socket;
    if (socket === undefined || this.#state.type !== "open") return Promise.reject(new Refused("lost"));
    this.#number += 1;
    const number = this.#number;
    const { promise, resolve, reject } = Promise.withResolvers<Answer<N>>();
    this.#waiting.set(number, { answered: (answer) => resolve(answer as Answer<N>), refused: reject });
    socket.send(JSON.stringify({ ...ask, number, question: name }));
    return promise;
  }

  #dial(opening: PageOpening): void {
    if (this.#state.type === "shut") this.#happened({ type: "opened-anew" });
    const socket = this.#world.open({
      opened: () => socket.send(JSON.stringify(opening)),
      received: (text) => this.#received(text),
      closed: (code) => this.#closed(code),
    });
    this.#socket = socket;
  }

  #received(text: string): void {
    const message = pageMessageIn(text);
    // Whatever answers there does not speak for the host.
    if (message === undefined) this.#socket?.close();
    else this.#handle(message);
  }

  #handle(message: PageMessage): void {
    switch (message.type) {
      case "welcome":
        this.#token = undefined;
        this.#failures = 0;
        this.#world.keys.setItem(KEY, message.key);
        break;
      case "view":
        this.#happened({ type: "viewed", view: message.view, at: this.#world.now() });
        break;
      case "answer":
        this.#taken(message.number)?.answered(message.answer);
        break;
      case "refusal":
        this.#taken(message.number)?.refused(new Refused(message.code, message.detail));
        break;
    }
  }

  #taken(number: number): Waiting | undefined {
    const waiting = this.#waiting.get(number);
    this.#waiting.delete(number);
    return waiting;
  }

  #closed(code: number): void {
    this.#socket = undefined;
    for (const { refused } of this.#waiting.values()) refused(new Refused("lost"));
    this.#waiting.clear();
    if (code === PageClose.notLetIn) this.#notLetIn();
    else if (code === PageClose.tooMany) this.#happened({ type: "turned-away", why: "too-many" });
    else this.#broke(code === PageClose.hostStopped ? "host-stopped" : "lost");
  }

  #broke(how: "host-stopped" | "lost"): void {
    this.#happened({ type: how });
    this.#world.after(Math.min(FIRST_PAUSE * 2 ** this.#failures, LONGEST_PAUSE), () => this.open());
    this.#failures += 1;
  }

  #notLetIn(): void {
    const hadToken = this.#token !== undefined;
    this.#token = undefined;
    if (hadToken && this.#world.keys.getItem(KEY) !== null) {
      // A link that was used before, opened again in a tab that is in already.
      this.open();
    } else {
      this.#world.keys.removeItem(KEY);
      this.#happened({ type: "turned-away", why: "not-let-in" });
    }
  }

  #happened(event: PageEvent): void {
    this.#state = nextState(this.#state, event);
    for (const listener of this.#listeners) listener();
  }
}
