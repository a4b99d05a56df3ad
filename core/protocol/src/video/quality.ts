import { ImageQuality } from "@pulpit/wire";
import type { Millis } from "../machine.ts";

/** Ratio to the base bitrate for each preset (docs/protocol/media.md, section 8.1). */
const PRESETS: ReadonlyMap<ImageQuality, number> = new Map([
  [ImageQuality.LOW, 0.5],
  [ImageQuality.BALANCED, 0.67],
  [ImageQuality.BEST, 1.5],
]);
/** A custom ratio beyond this is a viewer spending the host's uplink: the wire would allow 40. */
const MAX_RATIO = 8;
const MIN_RATIO = 0.1;
/** On a path this quick the ratio may rise to this multiple of the preset: there the bits cost nobody anything. */
const QUICK_HEADROOM = 4;
/** Pictures per second without a wish of the viewer. */
const DEFAULT_FPS = 30;
const MAX_FPS = 120;
/** Samples after which the shortest one is the path's own round trip … */
const ENOUGH = 10;
/** … and what of it is believed before, ms: more may be the first picture that is still on its way. */
const BELIEVED = 300;
/** Samples kept of the round trip. */
const HISTORY = 3;
const RECENT = 60;
/** The ratio moves this often, ms (section 9.3). */
const ADJUST_EVERY = 3000;

/** Factor by the average delay, ms: growth first, then the retreat. */
const FACTORS: readonly (readonly [number, number])[] = [
  [50, 1.15],
  [100, 1.1],
  [150, 1.05],
  [200, 0.95],
  [300, 0.9],
  [500, 0.85],
  [Number.POSITIVE_INFINITY, 0.8],
];

/**
 * Bitrate ratio and frame rate for one viewer, from the delay its probes measure and what it asked for.
 * Frame rate: full speed while the path is quick and down with delay, instead of stock's slow climb from 15;
 * pictures are only made on change, so that full speed costs nothing at rest. Source: media.md, sections 8 and 9.
 */
export class Quality {
  #target = PRESETS.get(ImageQuality.BALANCED) as number;
  #ratio = this.#target;
  #cap = DEFAULT_FPS;
  #fps = DEFAULT_FPS;
  #samples: number[] = [];
  #lowest = Number.POSITIVE_INFINITY;
  #adjustedAt: Millis | undefined;
  #pictures = 0;

  /** Multiple of the base bitrate to aim for now. */
  get ratio(): number {
    return this.#ratio;
  }

  /** Pictures per second at most, now. */
  get framesPerSecond(): number {
    return Math.max(1, Math.min(this.#cap, Math.round(this.#fps)));
  }

  /** Shortest of the recent round trips, ms; 0 before any. */
  get roundTrip(): number {
    return this.#samples.length === 0 ? 0 : Math.min(...this.#samples);
  }

  /** Presets, and the custom value: percent × 256; zero means no wish. */
  choose(preset: ImageQuality, custom: number): void {
    const ratio = PRESETS.get(preset) ?? (custom > 0 ? (((custom >> 8) & 0xfff) * 2) / 100 : undefined);
    if (ratio === undefined) return;
    this.#target = Math.min(MAX_RATIO, Math.max(0.2, ratio));
    this.#ratio = this.#target;
  }

  /** The viewer's cap, pictures per second; values outside 1–120 are ignored. */
  capFrames(fps: number): void {
    if (!Number.isInteger(fps) || fps < 1 || fps > MAX_FPS) return;
    this.#cap = fps;
    this.#fps = fps;
  }

  /** A picture was made; only a moving screen lets the ratio grow. */
  pictureMade(): void {
    this.#pictures += 1;
  }

  /** `delay`: round trip of a probe, ms, queueing included. */
  measured(delay: number, now: Millis): void {
    this.#samples.push(delay);
    if (this.#samples.length > RECENT) this.#samples.shift();
    this.#lowest = Math.min(this.#lowest, delay);
    const average = this.#average();
    this.#adaptFrames(average);
    this.#adjustedAt ??= now;
    if (now - this.#adjustedAt < ADJUST_EVERY) return;
    this.#adjustedAt = now;
    this.#adaptRatio(average);
    this.#pictures = 0;
  }

  /**
   * Mean of the latest samples, less the path's own round trip, ms (section 9.1). Stock takes nothing off before the
   * tenth second: on every long path pictures come slowly until then.
   */
  #average(): number {
    const latest = this.#samples.slice(-HISTORY);
    const mean = latest.reduce((sum, sample) => sum + sample, 0) / latest.length;
    const base = this.#samples.length < RECENT ? this.#lowest : this.#lowest / 2 + Math.min(...this.#samples) / 2;
    const known = this.#samples.length < ENOUGH ? Math.min(BELIEVED, base) : base;
    return Math.max(10, mean >= known ? mean - known : mean);
  }

  #adaptFrames(average: number): void {
    if (average < 100) this.#fps = Math.min(this.#cap, this.#fps + 5);
    else if (average < 150) this.#fps = Math.min(this.#cap, this.#fps + 1);
    else if (average < 600) this.#fps = Math.max(5, (this.#fps * 150) / average);
    else this.#fps = Math.max(1, (this.#fps * 150) / average);
  }

  #adaptRatio(average: number): void {
    const factor = (FACTORS.find(([limit]) => average < limit) as readonly [number, number])[1];
    // At least 6 pictures since the last time: a still screen proves nothing about the path.
    if (factor > 1 && this.#pictures < 6) return;
    const upper =
      average < 50 ? Math.min(MAX_RATIO, this.#target * QUICK_HEADROOM) : Math.max(this.#target, this.#ratio);
    this.#ratio = Math.max(MIN_RATIO, Math.min(upper, this.#ratio * factor));
  }
}
