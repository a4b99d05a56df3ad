/** Milliseconds of a clock that only its owner knows; compare and add, never interpret. */
export type Millis = number;

/**
 * A conversation with no sockets, timers, randomness or clock of its own (ADR 0002).
 * Inputs say what happened, in the past tense; effects say what to do, in the imperative.
 */
export interface Machine<Input, Effect> {
  /**
   * Tell it one thing that happened; it answers with everything to do next, in order.
   * @throws ProtocolError when the peer broke the protocol; the conversation is over then.
   */
  handle(input: Input, now: Millis): readonly Effect[];
  /** When to call `handle({ type: "timeout" })`, or undefined for never. */
  readonly deadline: Millis | undefined;
}
