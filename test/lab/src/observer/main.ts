// Tells everybody what they look like from outside. For the servers of a lab: binds both addresses in each family.
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";
import { isIpv6 } from "../endpoint.ts";
import { SERVER_ADDRESSES } from "../plan.ts";
import { type AnswerFrom, OBSERVER_PORTS, type Observation, OPEN_PORT, type Question } from "./question.ts";

async function observe(addresses: readonly [string, string]): Promise<void> {
  const sockets = new Map<string, Socket>();
  const socketAt = (address: string, port: number): Socket => sockets.get(`${address} ${port}`) as Socket;
  for (const address of addresses) {
    for (const port of OBSERVER_PORTS) {
      const socket = createSocket(isIpv6(address) ? "udp6" : "udp4");
      sockets.set(`${address} ${port}`, socket);
      socket.on("message", (message, from) => {
        const { transaction, answerFrom } = JSON.parse(message.toString()) as Question;
        const answer: Observation = { transaction, from: { address: from.address, port: from.port } };
        const [way, at] = other(addresses, address, port, answerFrom);
        socketAt(way, at).send(JSON.stringify(answer), from.port, from.address);
      });
      socket.bind(port, address);
      await once(socket, "listening");
    }
    for (const port of [...OBSERVER_PORTS, OPEN_PORT]) await observeTcp(address, port);
  }
}

function other(
  [first, second]: readonly [string, string],
  address: string,
  port: number,
  answerFrom: AnswerFrom,
): readonly [string, number] {
  if (answerFrom === "other-port") return [address, port === OBSERVER_PORTS[0] ? OBSERVER_PORTS[1] : OBSERVER_PORTS[0]];
  return [answerFrom === "here" ? address : address === first ? second : first, port];
}

async function observeTcp(address: string, port: number): Promise<void> {
  const server = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    socket.write(`${JSON.stringify({ address: socket.remoteAddress, port: socket.remotePort })}\n`);
  });
  server.listen(port, address);
  await once(server, "listening");
}

await observe(SERVER_ADDRESSES.ipv4);
await observe(SERVER_ADDRESSES.ipv6);
console.log("ready");
