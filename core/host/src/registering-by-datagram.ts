import { type DatagramSocket, drive, LinkError, type Source } from "@pulpit/link";
import { Registration, type RegistrationEffect, type RegistrationInput, type ServerAddress } from "@pulpit/protocol";
import { decodeServerMessage, encodeServerMessage, WireError } from "@pulpit/wire";
import type { HostOptions, HostWorld } from "./options.ts";
import type { RegistrationNews } from "./registering.ts";

/** A host that registers by datagram with a server that takes connections tries one again this often, ms. */
const CONNECT_EVERY = 600_000;

/**
 * Until the server has been silent for a while, or a connection is worth another try. `impossible`: no name is resolved,
 * or there is no way out, as when a computer has just been started.
 */
export async function byDatagrams(
  { id, uuid, identity }: HostOptions,
  idServer: ServerAddress,
  world: HostWorld,
  happened: (news: RegistrationNews) => void,
  signal: AbortSignal,
): Promise<"ended" | "impossible"> {
  let socket: DatagramSocket;
  try {
    socket = await world.openDatagrams(idServer);
  } catch (error) {
    if (error instanceof LinkError && !signal.aborted) return "impossible";
    throw error;
  }
  const silent = new AbortController();
  const stop = (): void => silent.abort();
  signal.addEventListener("abort", stop, { once: true });
  const registration = new Registration({ id, uuid, publicKey: identity.publicKey });
  const { clock } = world;
  let cancel = (): void => undefined;
  const later = (): void => {
    cancel = clock.alarm(clock.now() + CONNECT_EVERY, () => (registration.offersConnection ? stop() : later()));
  };
  later();
  try {
    await drive<RegistrationInput, RegistrationEffect, never>(
      registration,
      { type: "start" },
      {
        source: new ServerDatagrams(socket),
        clock: world.clock,
        perform(effect) {
          if (effect.type === "send") socket.send(encodeServerMessage(effect.message), idServer);
          else happened(effect);
          if (effect.type === "offline") stop();
        },
        signal: silent.signal,
      },
    );
  } catch (error) {
    if (!(error instanceof LinkError && error.code === "aborted") || signal.aborted) throw error;
  } finally {
    cancel();
    signal.removeEventListener("abort", stop);
    await socket.close();
  }
  return "ended";
}

/** Datagrams of the ID server, as inputs; garbage is dropped. */
class ServerDatagrams implements Source<RegistrationInput> {
  readonly #socket: DatagramSocket;
  #pending: Promise<void> | undefined;
  #item: RegistrationInput | undefined;

  constructor(socket: DatagramSocket) {
    this.#socket = socket;
  }

  ready(): Promise<void> {
    if (this.#item !== undefined) return Promise.resolve();
    this.#pending ??= this.#receive();
    return this.#pending;
  }

  take(): RegistrationInput | undefined {
    const item = this.#item;
    this.#item = undefined;
    if (item !== undefined) this.#pending = undefined;
    return item;
  }

  async #receive(): Promise<void> {
    for (;;) {
      const datagram = await this.#socket.receive();
      if (datagram === undefined) throw new LinkError("aborted", "the socket was closed");
      try {
        this.#item = { type: "received", message: decodeServerMessage(datagram.data) };
        return;
      } catch (error) {
        if (!(error instanceof WireError)) throw error;
      }
    }
  }
}
