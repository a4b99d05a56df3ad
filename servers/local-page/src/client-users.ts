import type { Socket } from "node:net";
import { ownerOfLoopback } from "@pulpit/net-linux";
import { MAX_STRANGERS } from "./config.ts";

/** Whose connections are whose, found out when they come: 127.0.0.1 is open to every user of a computer. */
export class ClientUsers {
  readonly #expects: (user: number) => boolean;
  readonly #users = new WeakMap<Socket, number>();
  #strangers = 0;

  /** `expects`: whether a user has any business here. */
  constructor(expects: (user: number) => boolean) {
    this.#expects = expects;
  }

  /** For each connection as it is accepted. Strangers may wait for a refusal, a few at a time. */
  meet(socket: Socket): void {
    // Another address of the loopback network could have the port of somebody else's connection.
    const near = socket.remoteAddress === "127.0.0.1" && socket.localAddress === "127.0.0.1";
    const { remotePort, localPort } = socket;
    const user =
      near && remotePort !== undefined && localPort !== undefined ? ownerOfLoopback(remotePort, localPort) : undefined;
    if (user !== undefined) this.#users.set(socket, user);
    if (user !== undefined && this.#expects(user)) return;
    if (this.#strangers >= MAX_STRANGERS) return void socket.destroy();
    this.#strangers += 1;
    socket.once("close", () => {
      this.#strangers -= 1;
    });
  }

  /** The uid; undefined for a connection that nobody has. */
  of(socket: Socket): number | undefined {
    return this.#users.get(socket);
  }
}
