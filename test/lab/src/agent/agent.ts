import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { Machine } from "../lab.ts";
import type { AnswerLine, OrderLine, OrderName, Orders } from "./orders.ts";

/** A program on a machine of the lab that does as it is told; see Orders. Ends with the lab. */
export class Agent {
  readonly #input: Writable;
  readonly #waiting = new Map<number, (line: AnswerLine) => void>();
  #lastId = 0;

  constructor(machine: Machine) {
    const program = fileURLToPath(new URL("./main.ts", import.meta.url));
    const child = machine.spawn(process.execPath, [program], { stdio: ["pipe", "pipe", "inherit"] });
    this.#input = child.stdin as Writable;
    this.#input.on("error", () => undefined);
    const lines = createInterface({ input: child.stdout as Readable });
    lines.on("line", (text) => {
      const line = JSON.parse(text) as AnswerLine;
      this.#waiting.get(line.id)?.(line);
    });
    lines.on("close", () => {
      for (const [id, answer] of this.#waiting) answer({ id, error: "the agent ended" });
    });
  }

  async ask<Name extends OrderName>(name: Name, given: Orders[Name]["given"]): Promise<Orders[Name]["answer"]> {
    this.#lastId += 1;
    const order: OrderLine = { id: this.#lastId, name, given };
    const answered = new Promise<AnswerLine>((resolve) => this.#waiting.set(order.id, resolve));
    this.#input.write(`${JSON.stringify(order)}\n`);
    const { error, answer } = await answered;
    this.#waiting.delete(order.id);
    if (error !== undefined) throw new Error(error);
    return answer as Orders[Name]["answer"];
  }
}
