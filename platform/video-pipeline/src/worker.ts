// The video worker's entry: one screen, one encoder, one viewer's stream.
import { parentPort, workerData } from "node:worker_threads";
import { openX11Screen } from "@pulpit/desktop-linux";
import type { Encoder, Screen } from "@pulpit/host";
import { suitableEncoders } from "./encoders.ts";
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
  const task = workerData as WorkerTask;
  const screen = await openX11Screen({ display: task.display, area: task.area });
  const encoder = await openEncoder(task, screen);
  const pipeline = new Pipeline({ screen, encoder, framesPerSecond: task.framesPerSecond, put: report });
  port.on("message", (order: Order) => obey(pipeline, order));
  report({ type: "ready", width: screen.width, height: screen.height });
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

/** The first backend of the codec that starts. */
async function openEncoder(task: WorkerTask, screen: Screen): Promise<Encoder> {
  const { kbps, framesPerSecond } = task;
  let failure: unknown = new Error(`nothing here encodes ${task.codec}`);
  for (const backend of await suitableEncoders()) {
    if (backend.codec !== task.codec) continue;
    try {
      return await backend.open({ width: screen.width, height: screen.height, kbps, framesPerSecond });
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

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
    case "close":
      pipeline.close();
      break;
  }
}
