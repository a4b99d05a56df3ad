import type { VideoSink, VideoSinkEvents } from "@pulpit/viewer";
import type { Order, Report } from "./messages.ts";
import { Painter } from "./painter.ts";
import { decodableCodecs } from "./support.ts";

/** A sink that shows pictures on `canvas`: on a worker where canvases can be handed over, else on the page. */
export function canvasSink(canvas: HTMLCanvasElement): VideoSink {
  let events: VideoSinkEvents | undefined;
  let pending = 0;
  const told: VideoSinkEvents = {
    shown(display) {
      pending = Math.max(0, pending - 1);
      events?.shown(display);
    },
    dropped(display) {
      pending = Math.max(0, pending - 1);
      events?.dropped(display);
    },
    failed(display) {
      pending = 0;
      events?.failed(display);
    },
    unsupported(codec) {
      pending = 0;
      events?.unsupported(codec);
    },
  };
  const target =
    typeof canvas.transferControlToOffscreen === "function" ? workerPainter(canvas, told) : new Painter(canvas, told);
  return {
    codecs: decodableCodecs,
    start(given) {
      events = given;
    },
    resize: (display, width, height) => target.resize(display, width, height),
    decode(display, codec, units) {
      pending += 1;
      target.decode(display, codec, units);
    },
    get pending() {
      return pending;
    },
    close: () => target.close(),
  };
}

function workerPainter(
  canvas: HTMLCanvasElement,
  events: VideoSinkEvents,
): Pick<Painter, "resize" | "decode" | "close"> {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  worker.onmessage = ({ data: report }: MessageEvent<Report>) => {
    if (report.type === "unsupported") events.unsupported(report.codec);
    else events[report.type](report.display);
  };
  const order = (message: Order, transfer: Transferable[] = []): void => worker.postMessage(message, transfer);
  const offscreen = canvas.transferControlToOffscreen();
  order({ type: "start", canvas: offscreen }, [offscreen]);
  return {
    resize: (display, width, height) => order({ type: "resize", display, width, height }),
    decode(display, codec, units) {
      // Copied out of the received message: its memory may be shared with other fields.
      const own = units.map(({ data, key, pts }) => ({ data: data.slice(), key, pts }));
      order(
        { type: "decode", display, codec, units: own },
        own.map(({ data }) => data.buffer),
      );
    },
    close: () => order({ type: "close" }),
  };
}
