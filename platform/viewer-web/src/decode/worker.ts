// The decoding worker's entry: WebCodecs away from the page, so that neither holds up the other.
import { Decoders } from "./decoders.ts";
import type { Order, Report } from "./messages.ts";

/** What this file needs of a worker's global scope; the page's own types stand in for the rest. */
interface WorkerScope {
  postMessage(report: Report, transfer?: Transferable[]): void;
  onmessage: ((event: MessageEvent<Order>) => void) | null;
  close(): void;
}

const scope = globalThis as unknown as WorkerScope;
const decoders = new Decoders({
  decoded: (display, frame, passed) => scope.postMessage({ type: "decoded", display, frame, passed }, [frame]),
  dropped: (display) => scope.postMessage({ type: "dropped", display }),
  failed: (display) => scope.postMessage({ type: "failed", display }),
  unsupported: (codec) => scope.postMessage({ type: "unsupported", codec }),
});

scope.onmessage = ({ data: order }) => {
  if (order.type === "decode") decoders.decode(order.display, order.codec, order.units);
  else {
    decoders.close();
    scope.close();
  }
};
