import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";

/** The programs that run in a lab; ended with it. */
export class Residents {
  readonly #running = new Set<ChildProcess>();

  /** What starts programs in a namespace. */
  spawner(namespace: string): (command: string, args?: readonly string[], options?: SpawnOptions) => ChildProcess {
    return (command, args = [], options = {}) => {
      // `ip` becomes the program: the child is the program itself, and signals reach it.
      const child = spawn("ip", ["netns", "exec", namespace, command, ...args], options);
      this.#running.add(child);
      child.once("exit", () => this.#running.delete(child));
      return child;
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(
      [...this.#running].map(async (child) => {
        if (child.pid === undefined) return;
        const ended = once(child, "exit");
        child.kill("SIGKILL");
        await ended;
      }),
    );
  }
}
