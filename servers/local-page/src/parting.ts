import type { WebSocket } from "ws";
import { PARTING_WITHIN } from "./config.ts";

/** Closes with that code; without the other side's goodbye when it takes too long. Resolves when it is closed. */
export function part(socket: WebSocket, code: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => socket.terminate(), PARTING_WITHIN);
    socket.once("close", () => {
      clearTimeout(timer);
      resolve();
    });
    socket.close(code);
  });
}
