import type { Clock } from "@pulpit/link";
import type { Millis, Scope } from "@pulpit/protocol";
import type { ViewerFacts } from "../options.ts";

/** Questions open at a time: a person reads one after the other. */
const MAX_OPEN = 4;
/** … and from one address: nobody keeps the others from asking. */
const MAX_OPEN_OF_ONE = 2;

/** Somebody wants in, and the person at this machine decides. */
export interface Question {
  readonly viewer: ViewerFacts;
  readonly scope: Scope;
  /** The password (and code) was right. */
  readonly passwordGiven: boolean;
  /** Otherwise whoever is on the way sees and changes everything. */
  readonly encrypted: boolean;
}

export type PersonsAnswer = "accept" | "deny" | "silence";

export interface OpenQuestion extends Question {
  readonly key: string;
  /** By the machine's monotonic clock, ms. */
  readonly deniedAt: Millis;
}

/** The questions that wait for the person. Each is denied by itself after a while. */
export class Consent {
  readonly #clock: Clock;
  readonly #within: () => Millis;
  readonly #open = new Map<
    string,
    { readonly question: OpenQuestion; readonly settle: (answer: PersonsAnswer) => void }
  >();
  readonly #onChanged: () => void;
  #count = 0;

  constructor(options: { clock: Clock; within: () => Millis; onChanged: () => void }) {
    this.#clock = options.clock;
    this.#within = options.within;
    this.#onChanged = options.onChanged;
  }

  get open(): readonly OpenQuestion[] {
    return [...this.#open.values()].map(({ question }) => question);
  }

  /** Calls back once with the answer, unless the question is withdrawn before; returns how to withdraw it. */
  ask(question: Question, answered: (answer: PersonsAnswer) => void): () => void {
    const ofOne = this.open.filter(({ viewer }) => viewer.address === question.viewer.address);
    if (this.#open.size >= MAX_OPEN || ofOne.length >= MAX_OPEN_OF_ONE) {
      answered("silence");
      return () => undefined;
    }
    this.#count += 1;
    const key = `r${this.#count}`;
    const deniedAt = this.#clock.now() + this.#within();
    const cancel = this.#clock.alarm(deniedAt, () => settle("silence"));
    const close = (): boolean => {
      cancel();
      return this.#open.delete(key);
    };
    const settle = (answer: PersonsAnswer): void => {
      if (!close()) return;
      answered(answer);
      this.#onChanged();
    };
    this.#open.set(key, { question: { ...question, key, deniedAt }, settle });
    this.#onChanged();
    return () => {
      if (close()) this.#onChanged();
    };
  }

  /** False when the question is not open any more. */
  answer(key: string, accept: boolean): boolean {
    const entry = this.#open.get(key);
    entry?.settle(accept ? "accept" : "deny");
    return entry !== undefined;
  }
}
