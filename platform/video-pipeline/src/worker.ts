// The video worker's entry: one screen, one encoder, one viewer's stream.
import { parentPort, workerData } from "node:worker_threads";
import { openX11Screen } from "@pulpit/desktop-linux";
import { suitableEncoders } from "./encoders.ts";
import { FallbackEncoder } from "./fallback-encoder.ts";
import type { Order, Report, WorkerTask } from "./messages.ts";
import { Pipeline } from "./pipeline.ts";

const port = parentPort;
if (port === null) throw new Error("the video worker runs in a worker thread only");

const report = (message: Report): void => {
  // Moved, not copied: every encoder hands out memory of its own.
  if (message.type === "picture") port.postMessage(message, [message.data.buffer as ArrayBuffer]);
  else port.postMessage(message);
};

try {
  const { display, area, codec, kbps, framesPerSecond } = workerData as WorkerTask;
  const screen = await openX11Screen({ display, area });
  const { width, height } = screen;
  const backends = (await suitableEncoders()).filter((backend) => backend.codec === codec);
  const encoder = await FallbackEncoder.open(backends, { width, height, kbps, framesPerSecond });
  const pipeline = new Pipeline({ screen, encoder, kbps, framesPerSecond, put: report });
  port.on("message", (order: Order) => obey(pipeline, order));
  report({ type: "ready", width, height });
  try {
    await pipeline.run();
  } finally {
    encoder.close();
    await screen[Symbol.asyncDispose]();
  }
} catch (error) {
  report({ type: "failed", message: error instanceof Error ? error.message : "unknown" });
}
port.close();

function obey(pipeline: Pipeline, order: Order): void {
  switch (order.type) {
    case "allow":
      pipeline.allow(order.pictures);
      break;
    case "key":
      pipeline.requestKey();
      break;
    case "bitrate":
      pipeline.setBitrate(order.kbps);
      break;
    case "rate":
      pipeline.setFrameRate(order.framesPerSecond);
      break;
    case "hurry":
      pipeline.hurry();
      break;
    case "close":
      pipeline.close();
      break;
  }
}
