/** A viewer that is not met; `why` is for the log. */
export class TurnedAway extends Error {
  override readonly name = "TurnedAway";
  readonly why: string;

  constructor(why: string) {
    super(why);
    this.why = why;
  }
}
