import type { Socket } from "node:net";
import { LINGER_LIMIT } from "./config.ts";
import type { Meter } from "./meter.ts";

/** A TCP party with a partner, and what it sent before it had one. */
export interface Spoken {
  readonly socket: Socket;
  readonly unread: Uint8Array;
}

/**
 * Bytes both ways as they are, the portable way. The end of one side is the end of both, after what it sent has left.
 * Calls back when both are closed.
 */
export function carryBytes(first: Spoken, second: Spoken, meter: Meter, over: () => void): void {
  let open = 2;
  const closed = (): void => {
    open -= 1;
    if (open === 0) over();
  };
  for (const { socket } of [first, second]) {
    if (socket.destroyed) closed();
    else socket.once("close", closed);
  }
  oneWay(first, second.socket, meter);
  oneWay(second, first.socket, meter);
}

function oneWay({ socket: from, unread }: Spoken, to: Socket, meter: Meter): void {
  const goOn = (): void => {
    if (!meter.mayMove) meter.whenAllowed(goOn);
    else if (!to.writableNeedDrain) from.resume();
  };
  const pass = (bytes: Uint8Array): void => {
    meter.moved(bytes.length);
    const room = to.write(bytes);
    if (room && meter.mayMove) return;
    from.pause();
    // Room comes with `drain`, an allowance with the meter's next turn.
    if (room) meter.whenAllowed(goOn);
  };
  const end = (): void => leave(to);
  from.on("data", pass);
  from.on("end", end);
  from.on("close", end);
  to.on("drain", goOn);
  if (unread.length > 0) pass(unread);
  if (from.readableEnded || from.destroyed) end();
  else goOn();
}

/** What was sent may still leave, for a while; then the socket goes, whether its peer listens or not. */
function leave(socket: Socket): void {
  if (socket.writableEnded || socket.destroyed) return;
  const timer = setTimeout(() => socket.destroy(), LINGER_LIMIT);
  socket.once("close", () => clearTimeout(timer));
  socket.end(() => socket.destroySoon());
  // Its own bytes have nowhere to go any more, but its end has to be heard.
  socket.removeAllListeners("data");
  socket.resume();
}
