// Does on a machine of the lab what the lines of its input say, several at once, and answers each with a line.
import { createInterface } from "node:readline";
import { OBSERVER_PORTS } from "../observer/question.ts";
import { AskingSocket } from "./asking.ts";
import { knock } from "./knock.ts";
import type { AnswerLine, OrderLine, OrderName, Orders, Prepared, PrepareOrder } from "./orders.ts";
import { probe } from "./probe.ts";
import { prepareTcp, punchTcp } from "./punch-tcp.ts";
import { punchUdp } from "./punch-udp.ts";

const udpSockets = new Map<number, AskingSocket>();
const tcpPorts = new Map<number, number>();

async function prepare(id: number, order: PrepareOrder): Promise<Prepared | null> {
  const { transport, server, localPort } = order;
  if (transport === "tcp") {
    const prepared = await prepareTcp(server, localPort);
    if (prepared === undefined) return null;
    tcpPorts.set(id, prepared.port);
    return { socket: id, outer: prepared.outer };
  }
  const asking = await AskingSocket.open(server, localPort);
  const { answer: outer } = await asking.ask({ address: server, port: OBSERVER_PORTS[0] }, "here");
  if (outer === undefined) return null;
  udpSockets.set(id, asking);
  return { socket: id, outer };
}

type Does = {
  readonly [name in OrderName]: (given: Orders[name]["given"], id: number) => Promise<Orders[name]["answer"]>;
};

const does: Does = {
  probe,
  prepare: (order, id) => prepare(id, order),
  punch(order) {
    const asking = udpSockets.get(order.socket);
    return asking === undefined ? punchTcp(tcpPorts.get(order.socket) as number, order) : punchUdp(asking, order);
  },
  knock: ({ transport, at }) => knock(transport, at),
};

async function obey({ id, name, given }: OrderLine): Promise<AnswerLine> {
  try {
    return { id, answer: await does[name](given as never, id) };
  } catch (error) {
    return { id, error: String(error) };
  }
}

// Its input ends with whoever started it, and then so does the agent.
for await (const line of createInterface({ input: process.stdin }))
  void obey(JSON.parse(line) as OrderLine).then((answer) => process.stdout.write(`${JSON.stringify(answer)}\n`));
process.exit();
