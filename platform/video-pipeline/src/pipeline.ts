import type { EncodedPicture, Encoder, Rect, Screen } from "@pulpit/host";
import { Converter } from "./converter.ts";
import type { Report } from "./messages.ts";
import { Refinement } from "./refinement.ts";
import { Tempo } from "./tempo.ts";

type Picture = Extract<Report, { type: "picture" }>;

/** While something goes on changing, the encoder looks at everything this often, ms: the rest becomes sharp too. */
const WHOLE_EVERY = 500;

/** After the viewer did something, pictures come as quickly as they can for this long, ms. */
const HURRY = 150;

/** What makes pictures: an encoder that may take its time. */
export interface PictureEncoder {
  encode(...picture: Parameters<Encoder["encode"]>): Promise<EncodedPicture | undefined>;
  setBitrate(kbps: number): void;
}

/** Screen, conversion and encoder in a row: damage in, pictures out, nothing in between when nothing happens. */
export class Pipeline {
  readonly #screen: Screen;
  readonly #encoder: PictureEncoder;
  readonly #converter: Converter;
  readonly #refinement: Refinement;
  readonly #tempo: Tempo;
  readonly #whole: Rect;
  readonly #put: (picture: Picture) => void;
  readonly #startedAt = performance.now();
  #allowed = 0;
  #keyWanted = true;
  #kbps: number;
  #wholeAt = Number.NEGATIVE_INFINITY;
  #hurriedUntil = Number.NEGATIVE_INFINITY;
  #wake: (() => void) | undefined;
  #closed = false;

  constructor(options: {
    readonly screen: Screen;
    readonly encoder: PictureEncoder;
    readonly kbps: number;
    readonly framesPerSecond: number;
    readonly put: (picture: Picture) => void;
  }) {
    const { width, height } = options.screen;
    this.#screen = options.screen;
    this.#encoder = options.encoder;
    this.#kbps = options.kbps;
    this.#put = options.put;
    this.#whole = { x: 0, y: 0, width, height };
    this.#tempo = new Tempo(options.framesPerSecond);
    this.#converter = new Converter(width, height);
    this.#refinement = new Refinement(width, height);
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
    this.#kbps = kbps;
    this.#encoder.setBitrate(kbps);
  }

  setFrameRate(framesPerSecond: number): void {
    this.#tempo.setRate(framesPerSecond, performance.now());
  }

  hurry(): void {
    this.#hurriedUntil = performance.now() + HURRY;
    this.#wake?.();
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
    // Changes go on gathering meanwhile: the newest picture wins. Orders that come in between change nothing.
    for (let wait = this.#wait(); wait > 1 && !this.#closed; wait = this.#wait()) await this.#woken(wait);
    if (this.#closed || this.#allowed <= 0) return;
    const isChanged = await settled(changed);
    if (isChanged || this.#keyWanted) await this.#picture(isChanged);
    else if (performance.now() >= this.#refinement.due) await this.#refine();
  }

  #wait(): number {
    const now = performance.now();
    return now < this.#hurriedUntil ? 0 : this.#tempo.wait(now);
  }

  async #picture(isChanged: boolean): Promise<void> {
    const grab = isChanged ? await this.#screen.grab() : undefined;
    if (grab === undefined && !this.#keyWanted) return;
    if (grab !== undefined) this.#converter.update(grab.pixels, grab.stride, grab.changed);
    const key = this.#keyWanted;
    this.#keyWanted = false;
    const now = performance.now();
    // Everything else is sharp already: the answer to a click need not wait for it.
    if (this.#refinement.isDone) this.#wholeAt = now;
    const everywhere = key || grab === undefined || now - this.#wholeAt >= WHOLE_EVERY;
    if (everywhere) this.#wholeAt = now;
    const encoded = await this.#encode(key, everywhere ? [this.#whole] : grab.changed);
    if (encoded === undefined) {
      // The encoder left it out: what it would have shown is still to be shown.
      this.#keyWanted ||= key;
      this.#wholeAt = Number.NEGATIVE_INFINITY;
    } else if (encoded.sharp && this.#refinement.isDone) return;
    this.#refinement.changed(encoded?.bytes ?? 0, performance.now());
  }

  async #refine(): Promise<void> {
    this.#wholeAt = performance.now();
    const encoded = await this.#encode(false, []);
    this.#refinement.refined(encoded?.bytes ?? 0, this.#kbps, performance.now());
  }

  /** What was put out; undefined when the encoder dropped the picture. */
  async #encode(key: boolean, changed: readonly Rect[]): Promise<{ bytes: number; sharp: boolean } | undefined> {
    const now = performance.now();
    this.#tempo.made(now);
    const pts = now - this.#startedAt;
    const picture = await this.#encoder.encode(this.#converter.picture, { key, pts, changed });
    if (picture === undefined) return undefined;
    this.#allowed -= 1;
    const { data, key: isKey, pts: at, sharp = false } = picture;
    // Before the picture is handed on: its memory moves to another thread.
    const bytes = data.length;
    this.#put({ type: "picture", data, key: isKey, pts: at });
    return { bytes, sharp };
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
