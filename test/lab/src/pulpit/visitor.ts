import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { Machine } from "../lab.ts";

/** To the program at the browser. */
export type Order =
  | { readonly do: "visit"; readonly id: string; readonly password: string }
  | { readonly do: "move"; readonly times: number }
  | { readonly do: "spoil" | "return" };

/** What it says when that is done. */
export interface Answer {
  readonly seen?: Seen;
  readonly failed?: string;
}

/** What the page shows of a session. */
export interface Seen {
  /** The desktop's size, pixels; the first picture of it has been drawn. */
  readonly picture: { readonly width: number; readonly height: number };
  readonly path: string;
  readonly transport: string;
  /** What became of each way, in the page's words. */
  readonly ways: Readonly<Record<string, string>>;
}

const PROGRAM = fileURLToPath(new URL("./browser-visit.ts", import.meta.url));

/** Somebody with a browser on a machine of the lab. */
export class Visitor implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #answers: AsyncIterator<string>;

  /** `origin`: of the server's page. The browser is started at once. */
  constructor(machine: Machine, origin: string) {
    this.#child = machine.spawn(process.execPath, [PROGRAM, origin], { stdio: ["pipe", "pipe", "inherit"] });
    // That it has ended is told by whoever waits for its answer.
    this.#child.stdin?.on("error", () => undefined);
    const lines = createInterface({ input: this.#child.stdout as Readable });
    this.#answers = lines[Symbol.asyncIterator]();
  }

  /** Goes to the server's page, logs in at a host, and waits for a picture. The password is never an argument. */
  async visit(id: string, password: string): Promise<Seen> {
    const { seen } = await this.#ask({ do: "visit", id, password });
    return seen as Seen;
  }

  /** Moves the pointer over the remote desktop. */
  async move(times: number): Promise<void> {
    await this.#ask({ do: "move", times });
  }

  /** Paints over what is shown of the desktop: only another picture brings it back. */
  async spoil(): Promise<void> {
    await this.#ask({ do: "spoil" });
  }

  /** Waits until the session goes on by the relay and shows a picture that came after `spoil`. */
  async returned(): Promise<void> {
    await this.#ask({ do: "return" });
  }

  async #ask(order: Order): Promise<Answer> {
    (this.#child.stdin as Writable).write(`${JSON.stringify(order)}\n`);
    const { value, done } = await this.#answers.next();
    if (done === true) throw new Error("the program at the browser ended");
    const answer = JSON.parse(value) as Answer;
    if (answer.failed !== undefined) throw new Error(answer.failed);
    return answer;
  }

  /** Closes the browser like a person, so that nothing of it stays. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exit = once(this.#child, "exit");
    (this.#child.stdin as Writable).end();
    await exit;
  }
}
