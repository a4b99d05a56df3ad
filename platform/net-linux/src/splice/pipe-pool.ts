import { callable, close, fcntl } from "../libc.ts";
import { closeEntry } from "./thread-task.ts";

/** Bytes a pipe holds: twice as much moves no faster, half of it takes half as much CPU again. */
export const MAX_PIPE: number = 512 * 1024;
/** Pipes at a time: each is two descriptors, and holds what a peer does not read. */
export const MAX_PIPES = 1024;
/** Pipes kept though nobody needs them: opening one costs more than a small message. */
const MAX_IDLE_PIPES = 16;

const F_SETPIPE_SZ = 1031;
const NON_BLOCKING_CLOSE_ON_EXEC = 0o2004000;
const pipe2: () => (ends: Int32Array, flags: number) => number = callable("int pipe2(void *ends, int flags)");

/** Pipes by number, lent to whoever has bytes under way. */
export class PipePool {
  /** Reading and writing end of each; -1 where there is no pipe. */
  readonly #ends: Int32Array;
  readonly #pair: Int32Array = new Int32Array(2);
  readonly #idle: number[] = [];
  readonly #closed: number[] = [];
  #count = 0;
  #isWanting = false;

  constructor(ends: Int32Array) {
    this.#ends = ends;
  }

  /** Whether somebody was sent away without a pipe since this was asked. */
  get wasWanting(): boolean {
    const was = this.#isWanting;
    this.#isWanting = false;
    return was;
  }

  /** An empty pipe; undefined when there are too many, or the system has none left. */
  lend(): number | undefined {
    const pipe = this.#idle.pop() ?? (this.#count - this.#closed.length < MAX_PIPES ? this.#open() : undefined);
    if (pipe === undefined) this.#isWanting = true;
    return pipe;
  }

  /** Takes a pipe back. One that still holds bytes is no use to anyone else. */
  giveBack(pipe: number, holds: "nothing" | "bytes"): void {
    if (holds === "nothing" && this.#idle.length < MAX_IDLE_PIPES) {
      this.#idle.push(pipe);
      return;
    }
    closeEntry(this.#ends, pipe * 2, close());
    closeEntry(this.#ends, pipe * 2 + 1, close());
    this.#closed.push(pipe);
  }

  readingEnd(pipe: number): number {
    return this.#ends[pipe * 2] as number;
  }

  writingEnd(pipe: number): number {
    return this.#ends[pipe * 2 + 1] as number;
  }

  #open(): number | undefined {
    if (pipe2()(this.#pair, NON_BLOCKING_CLOSE_ON_EXEC) !== 0) return undefined;
    const pipe = this.#closed.pop() ?? this.#count++;
    this.#ends.set(this.#pair, pipe * 2);
    // Refused to a user who has very many of them: then it holds what it holds.
    fcntl()(this.writingEnd(pipe), F_SETPIPE_SZ, MAX_PIPE);
    return pipe;
  }
}
