import { type Codec, chooseCodec, type MessageKey, Pacing, Quality, targetBitrate } from "@pulpit/protocol";
import type { Misc, OptionMessage, PeerMessage, SupportedDecoding } from "@pulpit/wire";
import type { Desktop } from "../ports/desktop.ts";
import type { EncodedPicture } from "../ports/encoder.ts";
import type { VideoStream } from "../ports/video-source.ts";
import { displayList, primaryIndex, switchDisplay } from "./display-info.ts";
import type { Feature, ViewerChannel } from "./feature.ts";
import { videoFrame } from "./video-frame.ts";

/** Key frames on request at most this often, ms: asking is cheap, making one is not (media.md, section 16). */
const REFRESH_EVERY = 1000;
/** Streams that may fail one after the other, without a picture between, before the host gives up. */
const MAX_FAILURES = 3;

/**
 * Streams one display to one viewer: codec by what both can, pictures as the path allows.
 * Each viewer has a stream of its own, so that nobody's wishes or delays are anybody else's (ADR 0014).
 * Source: docs/protocol/media.md, sections 3 to 9.
 */
export class VideoFeature implements Feature {
  readonly handles: readonly MessageKey[] = [
    "misc.videoReceived",
    "misc.refreshVideo",
    "misc.refreshVideoDisplay",
    "misc.switchDisplay",
    "misc.captureDisplays",
    "misc.messageQuery",
    "misc.autoAdjustFps",
  ];
  readonly #channel: ViewerChannel;
  readonly #desktop: Desktop;
  readonly #pacing: Pacing;
  readonly #quality = new Quality();
  readonly #onBitrate: (kbps: number) => void;
  readonly #stopWatching: () => void;
  #decoding: SupportedDecoding | undefined;
  #codec: Codec | undefined;
  #unusable = new Set<Codec>();
  #display: number;
  #stream: VideoStream | undefined;
  /** Counts restarts, so that what an earlier stream still has to say is recognised. */
  #run = 0;
  #opening: Promise<void> = Promise.resolve();
  #outstanding = 0;
  #failures = 0;
  #refreshedAt = Number.NEGATIVE_INFINITY;
  #refreshWanted = false;
  #closed = false;

  constructor(options: {
    readonly channel: ViewerChannel;
    readonly desktop: Desktop;
    /** LoginRequest.video_ack_required. */
    readonly acknowledged: boolean;
    /** Told the encoder's target whenever it changes, kbit/s. */
    readonly onBitrate: (kbps: number) => void;
  }) {
    this.#channel = options.channel;
    this.#desktop = options.desktop;
    this.#pacing = new Pacing(options.acknowledged);
    this.#onBitrate = options.onBitrate;
    this.#display = primaryIndex(options.desktop.displays());
    this.#stopWatching = options.desktop.onDisplaysChanged(() => this.#displaysChanged());
  }

  /** Starts the stream; called once, after the login's options were applied. */
  start(): void {
    this.#restart();
  }

  option(option: OptionMessage): void {
    this.#quality.choose(option.imageQuality, option.customImageQuality);
    if (option.customFps > 0) this.#quality.capFrames(option.customFps);
    if (option.supportedDecoding !== undefined) {
      this.#decoding = option.supportedDecoding;
      // Before `start` there is no stream to change.
      if (this.#stream !== undefined && this.#choose() !== this.#codec) this.#restart();
    }
    this.#retarget();
  }

  measured(delay: number): void {
    this.#quality.measured(delay, this.#channel.now());
    this.#pacing.measured(this.#quality.roundTrip);
    this.#retarget();
    if (this.#refreshWanted) this.#refresh();
    this.#grant();
  }

  /** The viewer pressed, typed or scrolled, and waits to see what comes of it. */
  hurry(): void {
    this.#stream?.hurry();
  }

  handle(message: PeerMessage): void {
    if (message.case === "misc") this.#misc(message.value.union);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#stopWatching();
    await this.#opening;
    await this.#stream?.[Symbol.asyncDispose]();
  }

  #misc(misc: Misc["union"]): void {
    switch (misc.case) {
      case "videoReceived":
        this.#pacing.received(this.#channel.now());
        this.#grant();
        break;
      case "refreshVideo":
        if (misc.value) this.#refresh();
        break;
      case "refreshVideoDisplay":
        if (misc.value === this.#display) this.#refresh();
        break;
      case "switchDisplay":
        this.#show(misc.value.display, true);
        break;
      case "captureDisplays":
        // One display at a time: the first of the wanted ones.
        this.#show(misc.value.add[0] ?? misc.value.set[0] ?? this.#display, false);
        break;
      case "messageQuery":
        if (misc.value.switchDisplay !== undefined) this.#describe(misc.value.switchDisplay);
        break;
      case "autoAdjustFps":
        this.#quality.capFrames(misc.value);
        this.#retarget();
        break;
    }
  }

  #show(index: number, answer: boolean): void {
    if (index === this.#display || this.#desktop.displays()[index] === undefined) return;
    this.#display = index;
    if (answer) this.#describe(index);
    this.#restart();
  }

  #describe(index: number): void {
    const display = this.#desktop.displays()[index];
    if (display !== undefined) this.#channel.send(switchDisplay(index, display), "video");
  }

  #displaysChanged(): void {
    const displays = this.#desktop.displays();
    if (displays[this.#display] === undefined) this.#display = primaryIndex(displays);
    this.#channel.send(displayList(displays), "video");
    this.#describe(this.#display);
    this.#restart();
  }

  #refresh(): void {
    const now = this.#channel.now();
    // Too early is not never: the next probe's echo brings it back.
    this.#refreshWanted = now - this.#refreshedAt < REFRESH_EVERY;
    if (this.#refreshWanted) return;
    this.#refreshedAt = now;
    this.#stream?.requestKey();
  }

  #choose(): Codec | undefined {
    const encodable = this.#desktop.video.codecs.filter((codec) => !this.#unusable.has(codec));
    return chooseCodec(encodable, this.#decoding);
  }

  /** One opening after the other: the last one asked for is the one that stays. */
  #restart(): void {
    const run = ++this.#run;
    this.#opening = this.#opening.then(() => this.#open(run));
  }

  async #open(run: number): Promise<void> {
    await this.#stream?.[Symbol.asyncDispose]();
    this.#stream = undefined;
    this.#outstanding = 0;
    const codec = this.#choose();
    const display = this.#desktop.displays()[this.#display];
    if (this.#closed || run !== this.#run || display === undefined) return;
    if (codec === undefined) {
      this.#channel.dismiss("Failed to find a video codec both sides know");
      return;
    }
    try {
      const stream = await this.#desktop.video.open({
        display: this.#display,
        codec,
        kbps: targetBitrate(display.width, display.height, codec, this.#quality.ratio),
        framesPerSecond: this.#quality.framesPerSecond,
        onPicture: (picture) => this.#made(run, picture),
        onFailed: () => this.#failed(run, codec),
      });
      this.#codec = codec;
      this.#stream = stream;
      this.#retarget();
      this.#grant();
    } catch {
      this.#failed(run, codec);
    }
  }

  #made(run: number, picture: EncodedPicture): void {
    if (run !== this.#run || this.#codec === undefined) return;
    this.#failures = 0;
    this.#outstanding = Math.max(0, this.#outstanding - 1);
    this.#pacing.sent(picture.data.length, this.#channel.now());
    this.#quality.pictureMade();
    this.#channel.send(videoFrame(this.#display, this.#codec, picture), "video", () => this.#grant());
  }

  #failed(run: number, codec: Codec): void {
    if (run !== this.#run || this.#closed) return;
    this.#failures += 1;
    if (this.#failures >= MAX_FAILURES) this.#unusable.add(codec);
    if (this.#failures > MAX_FAILURES * this.#desktop.video.codecs.length) {
      this.#channel.dismiss("Failed to capture the screen");
      return;
    }
    this.#restart();
  }

  #retarget(): void {
    if (this.#stream === undefined || this.#codec === undefined) return;
    const kbps = this.#kbps();
    this.#stream.setBitrate(kbps);
    this.#stream.setFrameRate(this.#quality.framesPerSecond);
    this.#onBitrate(kbps);
  }

  #kbps(): number {
    if (this.#stream === undefined || this.#codec === undefined) return 0;
    return targetBitrate(this.#stream.width, this.#stream.height, this.#codec, this.#quality.ratio);
  }

  /** Lets the stream make as many pictures as the path has room for. */
  #grant(): void {
    if (this.#stream === undefined) return;
    const state = {
      queuedBytes: this.#channel.queuedBytes,
      kbps: this.#kbps(),
      framesPerSecond: this.#quality.framesPerSecond,
    };
    const room = this.#pacing.room(state, this.#channel.now());
    const more = room - this.#outstanding;
    if (more <= 0) return;
    this.#outstanding += more;
    this.#stream.allow(more);
  }
}
