import type { Clock } from "./link.ts";

/** One way that is tried. */
export interface Attempt<Way> {
  /** For the person, such as "udp". */
  readonly name: string;
  /** A result of it ends the race; what is not direct waits for something better. */
  readonly direct: boolean;
  /** Resolves with an open way. Has to end soon after `signal` aborts, and leave nothing open then. */
  run(signal: AbortSignal): Promise<Way>;
}

/** What became of one way, for the person who wants to know why. */
export interface AttemptReport {
  readonly name: string;
  readonly direct: boolean;
  readonly outcome: "won" | "failed" | "given-up";
  readonly error?: unknown;
}

export interface RaceResult<Way> {
  readonly way: Way;
  readonly reports: readonly AttemptReport[];
}

/** Every way has failed. */
export class RaceLost extends Error {
  override readonly name = "RaceLost";
  readonly reports: readonly AttemptReport[];

  constructor(reports: readonly AttemptReport[]) {
    super("no way led to the host", { cause: reports.at(-1)?.error });
    this.reports = reports;
  }
}

interface Runner<Way> {
  readonly attempt: Attempt<Way>;
  readonly abort: AbortController;
  report: AttemptReport | undefined;
}

/**
 * Several ways to one place at once: the first direct one wins; the first other one is put aside and taken when the
 * window is over, or as soon as nothing else is running. Attempts may join while it runs, until `complete`.
 * Source: docs/protocol/webrtc.md, section 8.4.
 */
export class Race<Way> {
  readonly #clock: Clock;
  readonly #window: number;
  readonly #discard: (way: Way) => void;
  readonly #runners: Runner<Way>[] = [];
  readonly #result: PromiseWithResolvers<RaceResult<Way>> = Promise.withResolvers();
  #aside: { readonly runner: Runner<Way>; readonly way: Way } | undefined;
  #complete = false;
  #over = false;
  #cancelWindow = (): void => undefined;

  /** `window`: how long something better than the first indirect way is waited for, ms. `discard` closes a loser. */
  constructor(options: { clock: Clock; window: number; discard: (way: Way) => void }) {
    this.#clock = options.clock;
    this.#window = options.window;
    this.#discard = options.discard;
    // Whoever runs the race awaits it; until then it must not count as unhandled.
    this.#result.promise.catch(() => undefined);
  }

  /** @throws RaceLost; what `fail` was given */
  get result(): Promise<RaceResult<Way>> {
    return this.#result.promise;
  }

  add(attempt: Attempt<Way>): void {
    if (this.#over) return;
    const runner: Runner<Way> = { attempt, abort: new AbortController(), report: undefined };
    this.#runners.push(runner);
    attempt.run(runner.abort.signal).then(
      (way) => this.#arrived(runner, way),
      (error: unknown) => this.#failed(runner, error),
    );
  }

  /** No attempt joins any more. */
  complete(): void {
    this.#complete = true;
    this.#look();
  }

  /** Ends it without a winner: the reason concerns all ways. */
  fail(error: unknown): void {
    if (this.#over) return;
    this.#end();
    if (this.#aside !== undefined) this.#discard(this.#aside.way);
    this.#result.reject(error);
  }

  #arrived(runner: Runner<Way>, way: Way): void {
    const { name, direct } = runner.attempt;
    if (this.#over || (!direct && this.#aside !== undefined)) {
      runner.report = { name, direct, outcome: "given-up" };
      this.#discard(way);
      this.#look();
      return;
    }
    if (direct) {
      if (this.#aside !== undefined) {
        const { attempt } = this.#aside.runner;
        this.#aside.runner.report = { name: attempt.name, direct: false, outcome: "given-up" };
        this.#discard(this.#aside.way);
      }
      this.#won(runner, way);
      return;
    }
    this.#aside = { runner, way };
    this.#cancelWindow = this.#clock.alarm(this.#clock.now() + this.#window, () => this.#takeAside());
    this.#look();
  }

  #failed(runner: Runner<Way>, error: unknown): void {
    const { name, direct } = runner.attempt;
    runner.report ??= { name, direct, outcome: this.#over ? "given-up" : "failed", error };
    this.#look();
  }

  #look(): void {
    if (this.#over || !this.#complete) return;
    const running = this.#runners.some((runner) => runner.report === undefined && runner !== this.#aside?.runner);
    if (running) return;
    if (this.#aside !== undefined) {
      this.#takeAside();
      return;
    }
    this.#end();
    this.#result.reject(new RaceLost(this.#reports()));
  }

  #takeAside(): void {
    if (this.#aside !== undefined && !this.#over) this.#won(this.#aside.runner, this.#aside.way);
  }

  #won(runner: Runner<Way>, way: Way): void {
    const { name, direct } = runner.attempt;
    runner.report = { name, direct, outcome: "won" };
    this.#end(runner);
    this.#result.resolve({ way, reports: this.#reports() });
  }

  #end(winner?: Runner<Way>): void {
    this.#over = true;
    this.#cancelWindow();
    for (const runner of this.#runners) if (runner !== winner) runner.abort.abort();
  }

  #reports(): readonly AttemptReport[] {
    return this.#runners.map(
      ({ attempt: { name, direct }, report }) => report ?? { name, direct, outcome: "given-up" },
    );
  }
}
