import type { Machine } from "@pulpit/protocol";
import { LinkError } from "./errors.ts";
import type { Clock } from "./link.ts";
import type { Source } from "./source.ts";

/** The effect that ends a machine. */
export interface Finish<Outcome> {
  readonly type: "finish";
  readonly outcome: Outcome;
}

/** The input every machine with a deadline understands. */
export interface Timeout {
  readonly type: "timeout";
}

/**
 * Runs a machine until it finishes: awaits the next input or the deadline, calls `handle`, performs the
 * effects in order. Performing never blocks; whatever takes time comes back as an input later.
 *
 * `start`: the first input. Inputs not taken stay in their source for the next stage of a conversation.
 * @throws what `handle` or the source throws; LinkError aborted through `signal`.
 */
export async function drive<Input extends { readonly type: string }, Effect extends { readonly type: string }, Outcome>(
  machine: Machine<Input | Timeout, Effect | Finish<Outcome>>,
  start: Input,
  options: {
    readonly source: Source<Input>;
    readonly clock: Clock;
    readonly perform: (effect: Effect) => void;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<Outcome> {
  const { source, clock, perform, signal } = options;
  let input: Input | Timeout = start;
  for (;;) {
    for (const effect of machine.handle(input, clock.now())) {
      if (isFinish<Outcome>(effect)) return effect.outcome;
      perform(effect as Effect);
    }
    // An overdue deadline goes before waiting inputs: a flood must not hold it up.
    input = (overdue(machine.deadline, clock) ? undefined : await next(source, machine.deadline, clock, signal)) ?? {
      type: "timeout",
    };
  }
}

function isFinish<Outcome>(effect: { readonly type: string }): effect is Finish<Outcome> {
  return effect.type === "finish";
}

function overdue(deadline: number | undefined, clock: Clock): boolean {
  return deadline !== undefined && deadline <= clock.now();
}

/** The next input, or undefined when the deadline came first. */
async function next<Input>(
  source: Source<Input>,
  deadline: number | undefined,
  clock: Clock,
  signal: AbortSignal | undefined,
): Promise<Input | undefined> {
  const aborted = (): LinkError => new LinkError("aborted", "aborted", { cause: signal?.reason });
  if (signal?.aborted) throw aborted();
  const wake = Promise.withResolvers<void>();
  const cancel = deadline === undefined ? undefined : clock.alarm(deadline, wake.resolve);
  const abort = (): void => wake.reject(aborted());
  signal?.addEventListener("abort", abort, { once: true });
  source.ready().then(wake.resolve, wake.reject);
  try {
    await wake.promise;
    return source.take();
  } finally {
    cancel?.();
    signal?.removeEventListener("abort", abort);
  }
}
