/** One device the switch has. */
export interface Port {
  readonly namespace: string;
  /** The device's name there; at most 15 characters. */
  readonly device: string;
}

/** What the thread is given. */
export interface ThreadTask {
  readonly ports: readonly Port[];
  /** LINE_NUMBERS numbers for each port. */
  readonly lines: SharedArrayBuffer;
  /** COUNTER_COUNT numbers for each port. */
  readonly counters: SharedArrayBuffer;
  /** One Int32: 1 when the thread shall end. */
  readonly stop: SharedArrayBuffer;
  /** Chance begins here, so that a run can be repeated. */
  readonly seed: number;
}

/** What the switch counts for each port. */
export interface Counters {
  /** Bytes of whole frames that came from the port, before anything was lost. */
  readonly sent: number;
  /** Bytes of whole frames that went to the port. */
  readonly received: number;
  /** Frames lost by chance, in either direction. */
  readonly lost: number;
  /** Frames for which there was no room, in either direction. */
  readonly dropped: number;
}

export const COUNTER: { readonly [name in keyof Counters]: number } = { sent: 0, received: 1, lost: 2, dropped: 3 };
export const COUNTER_COUNT = 4;
