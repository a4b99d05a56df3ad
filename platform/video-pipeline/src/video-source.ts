import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { quietCodecs } from "@pulpit/codec-ffmpeg";
import type { Display, VideoOptions, VideoSource, VideoStream } from "@pulpit/host";
import { suitableEncoders } from "./encoders.ts";
import type { Order, Report, WorkerTask } from "./messages.ts";

/** A worker that does not end by itself is stopped after this, ms. */
const STOP_AFTER = 2_000;

/** Pictures of an X display, made on a worker for each stream. `monitors`: as they are when a stream is opened. */
export async function openVideoSource(display: string, monitors: () => readonly Display[]): Promise<VideoSource> {
  quietCodecs();
  const codecs = [...new Set((await suitableEncoders()).map((backend) => backend.codec))];
  return {
    codecs,
    open: (options) => openStream(display, monitors()[options.display], options),
  };
}

async function openStream(display: string, monitor: Display | undefined, options: VideoOptions): Promise<VideoStream> {
  if (monitor === undefined) throw new Error(`there is no display ${options.display}`);
  const { codec, kbps, framesPerSecond } = options;
  const { x, y, width, height } = monitor;
  // Its colour is halved in both directions and its sizes are even ones; a viewer takes the announced size only.
  if (codec === "h264" && (width % 2 !== 0 || height % 2 !== 0)) throw new Error("H.264 has no odd sizes");
  const task: WorkerTask = { display, area: { x, y, width, height }, codec, kbps, framesPerSecond };
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { workerData: task });
  const started = Promise.withResolvers<Extract<Report, { type: "ready" }>>();
  let ready = false;
  let over = false;
  const failed = (error: Error): void => {
    if (over) return;
    over = true;
    if (ready) options.onFailed(error);
    else started.reject(error);
  };
  worker.on("error", failed);
  worker.on("exit", () => failed(new Error("the video worker ended")));
  worker.on("message", (report: Report) => {
    if (report.type === "ready") {
      ready = true;
      started.resolve(report);
    } else if (report.type === "failed") failed(new Error(report.message));
    else if (!over) options.onPicture(report);
  });
  const size = await started.promise;
  const order = (message: Order): void => worker.postMessage(message);
  return {
    width: size.width,
    height: size.height,
    allow: (pictures) => order({ type: "allow", pictures }),
    requestKey: () => order({ type: "key" }),
    setBitrate: (target) => order({ type: "bitrate", kbps: target }),
    setFrameRate: (rate) => order({ type: "rate", framesPerSecond: rate }),
    hurry: () => order({ type: "hurry" }),
    async [Symbol.asyncDispose]() {
      if (over && worker.threadId === -1) return;
      over = true;
      const ended = once(worker, "exit");
      order({ type: "close" });
      const timer = setTimeout(() => void worker.terminate(), STOP_AFTER);
      await ended;
      clearTimeout(timer);
    },
  };
}
