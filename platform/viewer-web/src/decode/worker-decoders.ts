import type { Decoders, DecodersEvents } from "./decoders.ts";
import type { Order, Report } from "./messages.ts";

/** As Decoders, on a worker. */
export function workerDecoders(events: DecodersEvents): Pick<Decoders, "decode" | "close"> {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  let isClosed = false;
  worker.onmessage = ({ data: report }: MessageEvent<Report>) => {
    // What was under way when it was closed: the frame's memory is ours to give back.
    if (isClosed && report.type === "decoded") report.frame.close();
    if (isClosed) return;
    if (report.type === "decoded") events.decoded(report.display, report.frame, report.passed);
    else if (report.type === "unsupported") events.unsupported(report.codec);
    else events[report.type](report.display);
  };
  const order = (message: Order, transfer: Transferable[] = []): void => worker.postMessage(message, transfer);
  return {
    decode(display, codec, units) {
      // Copied out of the received message: its memory may be shared with other fields.
      const own = units.map(({ data, key, pts }) => ({ data: data.slice(), key, pts }));
      order(
        { type: "decode", display, codec, units: own },
        own.map(({ data }) => data.buffer),
      );
    },
    close() {
      isClosed = true;
      order({ type: "close" });
    },
  };
}
