/** How a browser gets to the host: WebRTC with datagrams, WebRTC that stays on its data channel, or the relay's WebSocket. */
export type Way = "datagrams" | "channel" | "relay";

/** What the browser is told. `origin`: of the server's page. */
export interface Orders {
  readonly origin: string;
  readonly id: string;
  readonly password: string;
  readonly way: Way;
}

/** What it saw. `delays`: from a click until its effect is seen, ms, in order of size; clicks without one are missing. */
export interface Seen {
  readonly delays: readonly number[];
  readonly framesPerSecond: number;
}
