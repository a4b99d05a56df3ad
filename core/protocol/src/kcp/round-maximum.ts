/** The largest of the values of the last `rounds` rounds. */
export class RoundMaximum {
  readonly #rounds: number;
  /** Falling values, each with the round it is of: the first is the largest. */
  #candidates: { readonly round: number; readonly value: number }[] = [];

  constructor(rounds: number) {
    this.#rounds = rounds;
  }

  /** 0 before the first value. */
  get value(): number {
    return this.#candidates[0]?.value ?? 0;
  }

  forget(): void {
    this.#candidates = [];
  }

  add(round: number, value: number): void {
    this.#candidates = this.#candidates.filter((each) => each.value > value && each.round > round - this.#rounds);
    // One per round is enough: a later, smaller value of the same round can never become the largest.
    if (this.#candidates.at(-1)?.round !== round) this.#candidates.push({ round, value });
  }
}
