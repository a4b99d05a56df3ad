import { randomUUID } from "node:crypto";
import type { Agent } from "./agent/agent.ts";
import type { Punch, Transport } from "./agent/orders.ts";

export interface PunchOptions {
  readonly transport: Transport;
  /** Where both ask what they look like from outside. */
  readonly server: string;
  /** How long both try, ms. */
  readonly patience: number;
}

/** Lets two machines try to reach each other, each told by the caller what the server saw of the other. */
export async function punch(a: Agent, b: Agent, options: PunchOptions): Promise<readonly [Punch, Punch]> {
  const { patience } = options;
  const [ours, theirs] = await Promise.all([a.ask("prepare", options), b.ask("prepare", options)]);
  if (ours === null || theirs === null) return [{ type: "missed" }, { type: "missed" }];
  const word = randomUUID();
  return Promise.all([
    a.ask("punch", { socket: ours.socket, peer: theirs.outer, word, patience }),
    b.ask("punch", { socket: theirs.socket, peer: ours.outer, word, patience }),
  ]);
}
