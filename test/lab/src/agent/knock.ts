import { createSocket } from "node:dgram";
import { connect } from "node:net";
import { type Endpoint, isIpv6 } from "../endpoint.ts";
import type { Knock, Transport } from "./orders.ts";

/** Who is there answers far sooner, ms. */
const PATIENCE = 1500;
const REPEAT_EVERY = 200;

/** Sends a first packet to somebody and sees what comes back. */
export async function knock(transport: Transport, at: Endpoint): Promise<Knock> {
  const { promise, resolve } = Promise.withResolvers<Knock>();
  const close = transport === "tcp" ? knockTcp(at, resolve) : knockUdp(at, resolve);
  const timer = setTimeout(() => resolve("silent"), PATIENCE);
  const outcome = await promise;
  clearTimeout(timer);
  close();
  return outcome;
}

function knockTcp(at: Endpoint, done: (outcome: Knock) => void): () => void {
  const socket = connect({ host: at.address, port: at.port });
  socket.once("connect", () => done("answered"));
  socket.on("error", () => done("refused"));
  return () => socket.destroy();
}

/** A connected socket is told when a packet was refused. */
function knockUdp(at: Endpoint, done: (outcome: Knock) => void): () => void {
  const socket = createSocket(isIpv6(at.address) ? "udp6" : "udp4");
  socket.once("message", () => done("answered"));
  socket.on("error", () => done("refused"));
  socket.connect(at.port, at.address, () => socket.send("knock"));
  const again = setInterval(() => socket.send("knock", () => undefined), REPEAT_EVERY);
  return () => {
    clearInterval(again);
    socket.close();
  };
}
