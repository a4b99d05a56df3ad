// The worker that a browser hands received RTP packets to. It passes them on to the page as they are; nothing is played.

/** What this file needs of a worker's global scope; the page's own types stand in for the rest. */
interface WorkerScope {
  postMessage(datagrams: ArrayBuffer[], transfer: Transferable[]): void;
  onrtctransform:
    | ((event: { readonly transformer: { readonly readable: ReadableStream<{ readonly data: ArrayBuffer }> } }) => void)
    | null;
}

const scope = globalThis as unknown as WorkerScope;
const turn: MessageChannel = new MessageChannel();
let waiting: ArrayBuffer[] = [];

// What comes in a burst goes to the page in one message.
turn.port1.onmessage = () => {
  const datagrams = waiting;
  waiting = [];
  scope.postMessage(datagrams, datagrams);
};

scope.onrtctransform = async ({ transformer }) => {
  const reader = transformer.readable.getReader();
  for (let packet = await reader.read(); !packet.done; packet = await reader.read()) {
    if (waiting.push(packet.value.data) === 1) turn.port2.postMessage(undefined);
  }
};

export {};
