import type { VideoSink, VideoSinkEvents } from "@pulpit/viewer";
import { Painter } from "../render/painter.ts";
import { Decoders, type DecodersEvents } from "./decoders.ts";
import { decodableCodecs } from "./support.ts";
import { workerDecoders } from "./worker-decoders.ts";

/** A sink that shows pictures on `canvas`; they are decoded on a worker where the browser has them. */
export function canvasSink(canvas: HTMLCanvasElement): VideoSink {
  const painter = new Painter(canvas);
  let events: VideoSinkEvents | undefined;
  let pending = 0;
  const settle = (what: "shown" | "dropped", display: number): void => {
    pending = Math.max(0, pending - 1);
    events?.[what](display);
  };
  const told: DecodersEvents = {
    decoded(display, frame, passed) {
      for (let i = 0; i < passed; i++) settle("dropped", display);
      settle(painter.draw(display, frame) ? "shown" : "dropped", display);
    },
    dropped: (display) => settle("dropped", display),
    failed(display) {
      pending = 0;
      events?.failed(display);
    },
    unsupported(codec) {
      pending = 0;
      events?.unsupported(codec);
    },
  };
  const decoders = typeof Worker === "function" ? workerDecoders(told) : new Decoders(told);
  return {
    codecs: decodableCodecs,
    start(given) {
      events = given;
    },
    resize: (display, width, height) => painter.resize(display, width, height),
    decode(display, codec, units) {
      pending += 1;
      decoders.decode(display, codec, units);
    },
    get pending() {
      return pending;
    },
    close: () => decoders.close(),
  };
}
