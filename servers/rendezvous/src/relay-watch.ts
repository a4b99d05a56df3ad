import { connect } from "node:net";
import { parseServerAddress, RELAY_PORT, type RelayList } from "@pulpit/protocol";
import { TRY_RELAYS_EVERY } from "./config.ts";

/** Relays taken in turn; of several only those that answer. Source: docs/protocol/rendezvous.md, section 4.16. */
export class RelayWatch implements RelayList, Disposable {
  readonly #all: readonly string[];
  readonly #timer: NodeJS.Timeout | undefined;
  #reachable: readonly string[];
  #turn = 0;
  #trying = false;

  constructor(relayServers: readonly string[]) {
    this.#all = relayServers;
    this.#reachable = relayServers;
    // With one there is nothing to choose from.
    if (relayServers.length < 2) return;
    this.#timer = setInterval(() => void this.#try(), TRY_RELAYS_EVERY);
    this.#timer.unref();
    void this.#try();
  }

  get reachable(): readonly string[] {
    return this.#reachable;
  }

  next(): string {
    this.#turn = (this.#turn + 1) % Math.max(1, this.#reachable.length);
    return this.#reachable[this.#turn] ?? "";
  }

  has(relayServer: string): boolean {
    return this.#all.includes(relayServer);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  async #try(): Promise<void> {
    if (this.#trying) return;
    this.#trying = true;
    const answers = await Promise.all(this.#all.map(answered));
    this.#trying = false;
    const reachable = this.#all.filter((_, i) => answers[i]);
    // When none answers the fault may be ours: those of before are as good a guess as any.
    if (reachable.length > 0) this.#reachable = reachable;
  }
}

function answered(relayServer: string): Promise<boolean> {
  const address = parseServerAddress(relayServer, RELAY_PORT);
  if (address === undefined) return Promise.resolve(false);
  return new Promise((resolve) => {
    const socket = connect({ ...address, timeout: TRY_RELAYS_EVERY });
    const end = (reached: boolean): void => {
      socket.destroy();
      resolve(reached);
    };
    socket.once("connect", () => end(true));
    socket.once("error", () => end(false));
    socket.once("timeout", () => end(false));
  });
}
