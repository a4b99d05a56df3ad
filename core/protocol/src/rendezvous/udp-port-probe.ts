import type { ServerMessage, ServerMessageInit } from "@pulpit/wire";
import type { Machine, Millis } from "../machine.ts";

/** Pause before the third question, ms; the first two go at once. Each further pause is half as long again … */
const FIRST_PAUSE = 20;
/** … up to this. Source: docs/protocol/rendezvous.md, section 4.5. */
const LONGEST_PAUSE = 200;
/** A server that has said nothing by then answers no such questions, as stock ones; ms. */
const GIVE_UP_AFTER = 1_000;

export type UdpPortInput =
  | { readonly type: "start" }
  | { readonly type: "received"; readonly message: ServerMessage }
  | { readonly type: "timeout" };

export type UdpPortEffect =
  | { readonly type: "send"; readonly message: ServerMessageInit }
  /** Port of this socket as the server sees it; 0: it did not say. */
  | { readonly type: "finish"; readonly outcome: number };

/** Asks the ID server, from the socket that will punch, which port it has out there. */
export class UdpPortProbe implements Machine<UdpPortInput, UdpPortEffect> {
  #pause = FIRST_PAUSE;
  #until: Millis = 0;
  #deadline: Millis | undefined;

  get deadline(): Millis | undefined {
    return this.#deadline;
  }

  handle(input: UdpPortInput, now: Millis): readonly UdpPortEffect[] {
    switch (input.type) {
      case "start":
        this.#until = now + GIVE_UP_AFTER;
        this.#deadline = now + this.#pause;
        return [ask(), ask()];
      case "received":
        return this.#answered(input.message);
      case "timeout":
        if (now >= this.#until) return [{ type: "finish", outcome: 0 }];
        this.#pause = Math.min(this.#pause * 1.5, LONGEST_PAUSE);
        this.#deadline = Math.min(now + this.#pause, this.#until);
        return [ask()];
    }
  }

  #answered(message: ServerMessage): readonly UdpPortEffect[] {
    if (message.case !== "testNatResponse") return [];
    const { port } = message.value;
    return port > 0 && port <= 65_535 ? [{ type: "finish", outcome: port }] : [];
  }
}

function ask(): UdpPortEffect {
  return { type: "send", message: { case: "testNatRequest", value: {} } };
}
