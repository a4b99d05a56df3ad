import type { Encoder, Screen } from "@pulpit/host";
import { Converter } from "./converter.ts";
import type { Report } from "./messages.ts";
import { Refinement } from "./refinement.ts";

type Picture = Extract<Report, { type: "picture" }>;

/** Screen, conversion and encoder in a row: damage in, pictures out, nothing in between when nothing happens. */
export class Pipeline {
  readonly #screen: Screen;
  readonly #encoder: Encoder;
  readonly #converter: Converter;
  readonly #refinement: Refinement;
  readonly #put: (picture: Picture) => void;
  readonly #startedAt = performance.now();
  #allowed = 0;
  #keyWanted = true;
  #interval: number;
  #lastAt = Number.NEGATIVE_INFINITY;
  #wake: (() => void) | undefined;
  #closed = false;

  constructor(options: {
    readonly screen: Screen;
    readonly encoder: Encoder;
    readonly framesPerSecond: number;
    readonly put: (picture: Picture) => void;
  }) {
    const { screen } = options;
    this.#screen = screen;
    this.#encoder = options.encoder;
    this.#put = options.put;
    this.#interval = 1000 / options.framesPerSecond;
    this.#converter = new Converter(screen.width, screen.height);
    this.#refinement = new Refinement(screen.width, screen.height);
  }

  allow(pictures: number): void {
    this.#allowed += pictures;
    this.#wake?.();
  }

  requestKey(): void {
    this.#keyWanted = true;
    this.#wake?.();
  }

  setBitrate(kbps: number): void {
    this.#encoder.setBitrate(kbps);
  }

  setFrameRate(framesPerSecond: number): void {
    this.#interval = 1000 / framesPerSecond;
  }

  close(): void {
    this.#closed = true;
    this.#wake?.();
  }

  /** Runs until `close`. Rejects when screen or encoder can't go on. */
  async run(): Promise<void> {
    while (!this.#closed) {
      if (this.#allowed <= 0) await this.#woken(Number.POSITIVE_INFINITY);
      else await this.#turn();
    }
  }

  async #turn(): Promise<void> {
    const changed = this.#screen.changed();
    // It may fail when nobody waits for it any more: the next turn learns of that.
    changed.catch(() => undefined);
    if (!this.#keyWanted) await this.#woken(this.#refinement.due - performance.now(), changed);
    const wait = this.#lastAt + this.#interval - performance.now();
    // Changes go on gathering meanwhile: the newest picture wins.
    if (wait > 1) await this.#woken(wait);
    if (this.#closed || this.#allowed <= 0) return;
    const isChanged = await settled(changed);
    if (isChanged || this.#keyWanted) await this.#picture(isChanged);
    else if (performance.now() >= this.#refinement.due) this.#refine();
  }

  async #picture(isChanged: boolean): Promise<void> {
    const now = performance.now();
    const grab = isChanged ? await this.#screen.grab() : undefined;
    if (grab === undefined && !this.#keyWanted) return;
    if (grab !== undefined) {
      this.#converter.update(grab.pixels, grab.stride, grab.changed);
      this.#refinement.changed(now);
    }
    const key = this.#keyWanted;
    this.#lastAt = now;
    if (this.#encode(key, grab?.changed ?? []) > 0 && key) this.#keyWanted = false;
  }

  #refine(): void {
    const now = performance.now();
    this.#lastAt = now;
    this.#refinement.refined(this.#encode(false, []), now);
  }

  /** Bytes put out; 0 when the encoder dropped the picture. */
  #encode(key: boolean, changed: readonly { x: number; y: number; width: number; height: number }[]): number {
    const pts = performance.now() - this.#startedAt;
    const picture = this.#encoder.encode(this.#converter.picture, { key, pts, changed });
    if (picture === undefined) return 0;
    this.#allowed -= 1;
    // Before the picture is handed on: its memory moves to another thread.
    const bytes = picture.data.length;
    this.#put({ type: "picture", ...picture });
    return bytes;
  }

  /** Waits for an order, for `other`, or for `ms` to pass. */
  async #woken(ms: number, other?: Promise<void>): Promise<void> {
    if (ms <= 0) return;
    const order = Promise.withResolvers<void>();
    this.#wake = order.resolve;
    const timer = Number.isFinite(ms) ? setTimeout(order.resolve, ms) : undefined;
    try {
      await (other === undefined ? order.promise : Promise.race([order.promise, other]));
    } finally {
      clearTimeout(timer);
      this.#wake = undefined;
    }
  }
}

const PENDING = Symbol("pending");

/** Whether a promise has resolved by now; rejects when it has rejected. */
async function settled(promise: Promise<void>): Promise<boolean> {
  return (await Promise.race([promise, Promise.resolve(PENDING)])) !== PENDING;
}
