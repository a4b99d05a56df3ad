import { PAGE_CHANNEL_PATH } from "@pulpit/host-control";
import type { ChannelWorld } from "./channel.ts";

export function browserWorld(): ChannelWorld {
  return {
    keys: sessionStorage,
    now: () => performance.now(),
    after: (milliseconds, then) => setTimeout(then, milliseconds),
    open({ opened, received, closed }) {
      const address = new URL(PAGE_CHANNEL_PATH, location.href);
      address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
      const socket = new WebSocket(address);
      socket.addEventListener("open", () => opened());
      socket.addEventListener("message", ({ data }) => received(String(data)));
      socket.addEventListener("close", ({ code }) => closed(code), { once: true });
      return socket;
    },
  };
}
