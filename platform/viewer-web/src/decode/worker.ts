// The decoding worker's entry: decodes and draws away from the page, so that neither holds up the other.
import type { Order, Report } from "./messages.ts";
import { Painter } from "./painter.ts";

/** What this file needs of a worker's global scope; the page's own types stand in for the rest. */
interface WorkerScope {
  postMessage(report: Report): void;
  onmessage: ((event: MessageEvent<Order>) => void) | null;
  close(): void;
}

const scope = globalThis as unknown as WorkerScope;
let painter: Painter | undefined;

scope.onmessage = ({ data: order }) => {
  switch (order.type) {
    case "start":
      painter = new Painter(order.canvas, {
        shown: (display) => scope.postMessage({ type: "shown", display }),
        dropped: (display) => scope.postMessage({ type: "dropped", display }),
        failed: (display) => scope.postMessage({ type: "failed", display }),
        unsupported: (codec) => scope.postMessage({ type: "unsupported", codec }),
      });
      break;
    case "resize":
      painter?.resize(order.display, order.width, order.height);
      break;
    case "decode":
      painter?.decode(order.display, order.codec, order.units);
      break;
    case "close":
      painter?.close();
      scope.close();
      break;
  }
};
