import { randomUUID } from "node:crypto";
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { type Endpoint, isIpv6 } from "../endpoint.ts";
import type { AnswerFrom, Observation, Question } from "../observer/question.ts";

/** When a question is repeated, ms after the first: datagrams may be lost. */
const REPEATS = [0, 100, 300, 700] as const;
/** Nothing that is still to come takes longer than this after the last repeat, ms. */
const PATIENCE = 1000;

/** What became of a question; the answer may still come after the patience is over. */
export interface Asked {
  readonly answer: Endpoint | undefined;
}

/** A UDP socket that asks the observer. */
export class AskingSocket {
  readonly socket: Socket;
  readonly #answered = new Map<string, (from: Endpoint) => void>();

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on("message", (message) => this.#heard(message));
    // Where a path is closed the system may say so; the silence says it too.
    socket.on("error", () => undefined);
  }

  /** For servers of this one's family. Rejects when the port is taken; any port, when none is given. */
  static async open(server: string, localPort?: number): Promise<AskingSocket> {
    const socket = createSocket(isIpv6(server) ? "udp6" : "udp4").bind(localPort ?? 0);
    await once(socket, "listening");
    return new AskingSocket(socket);
  }

  /** Resolves with the answer, or without when it did not come in time. */
  async ask(server: Endpoint, answerFrom: AnswerFrom): Promise<Asked> {
    const question: Question = { transaction: randomUUID(), answerFrom };
    const asked: { answer: Endpoint | undefined } = { answer: undefined };
    const { promise: over, resolve: end } = Promise.withResolvers<void>();
    this.#answered.set(question.transaction, (from) => {
      asked.answer = from;
      end();
    });
    const message = JSON.stringify(question);
    const timers = REPEATS.map((after) =>
      setTimeout(() => this.socket.send(message, server.port, server.address, () => undefined), after),
    );
    timers.push(setTimeout(end, Math.max(...REPEATS) + PATIENCE));
    await over;
    for (const timer of timers) clearTimeout(timer);
    return asked;
  }

  close(): void {
    this.socket.close();
  }

  #heard(message: Uint8Array): void {
    const text = new TextDecoder().decode(message);
    // Sockets that have asked are also used to punch.
    if (!text.startsWith("{")) return;
    const { transaction, from } = JSON.parse(text) as Observation;
    this.#answered.get(transaction)?.(from);
  }
}
