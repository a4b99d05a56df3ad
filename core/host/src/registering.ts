import {
  type DatagramSocket,
  drive,
  encryptedServerLink,
  Inbox,
  type Link,
  LinkError,
  LinkSource,
  merged,
  type Source,
} from "@pulpit/link";
import {
  formatServerAddress,
  LongRegistration,
  type LongRegistrationEnd,
  type LongRegistrationInput,
  ProtocolError,
  publicKeyOf,
  Registration,
  type RegistrationEffect,
  type RegistrationInput,
} from "@pulpit/protocol";
import { decodeServerMessage, encodeServerMessage, WireError } from "@pulpit/wire";
import type { HostOptions, HostWorld } from "./options.ts";

/** After a connection was lost the next one is tried within this, ms: not all hosts of a server come back at once. */
const RECONNECT_WITHIN = 3_000;

/** Connecting takes at most this, ms; where nobody answers, datagrams may still get through. */
const CONNECT_WITHIN = 5_000;
/** A host that registers by datagram with a server that takes connections tries one again this often, ms. */
const CONNECT_EVERY = 600_000;

/** What a registration tells its owner; messages are its own affair. */
export type RegistrationNews =
  | Exclude<RegistrationEffect, { type: "send" }>
  /** Whoever answers at the server's address can't prove that it has the key this host was told. */
  | { readonly type: "impostor" };

/**
 * Keeps an ID registered until `signal`: on an encrypted connection where the server has one, so that nobody on the way
 * learns or takes over anything (docs/protocol/rendezvous.md, chapter 9, rows 2 and 3), by datagrams with stock servers
 * and where TCP is closed. @throws LinkError aborted
 */
export async function keepRegistered(
  options: HostOptions,
  world: HostWorld,
  happened: (news: RegistrationNews) => void,
  signal: AbortSignal,
): Promise<never> {
  for (;;) {
    const end = await byConnection(options, world, happened, signal);
    if (end === "unsupported" && (await byDatagrams(options, world, happened, signal)) === "ended") continue;
    happened({ type: end === "impostor" ? "impostor" : "offline" });
    const [chance = 0] = world.random.bytes(1);
    await pause(world, (RECONNECT_WITHIN * chance) / 255, signal);
  }
}

/**
 * `unsupported`: this server, or the way to it, has no such connection; `lost`: it had one, and will again; `impostor`:
 * it shows another key than it should, and is told nothing by datagram either.
 */
async function byConnection(
  options: HostOptions,
  world: HostWorld,
  happened: (news: RegistrationNews) => void,
  signal: AbortSignal,
): Promise<"unsupported" | "lost" | "impostor"> {
  const { id, uuid, identity, idServer, serverKey } = options;
  const key = publicKeyOf(serverKey);
  if (key === undefined) return "unsupported";
  const beats = new Inbox<LongRegistrationInput>();
  let registered = false;
  let link: Link | undefined;
  const dialling = new AbortController();
  const close = (): void => {
    dialling.abort();
    void link?.close();
  };
  signal.addEventListener("abort", close, { once: true });
  const cancel = world.clock.alarm(world.clock.now() + CONNECT_WITHIN, () => dialling.abort());
  try {
    const dialled = await world.dial(formatServerAddress(idServer), { route: "server", signal: dialling.signal });
    cancel();
    link = dialled;
    const beaten = (): void => beats.put({ type: "beaten" });
    const { link: secret, keys } = await encryptedServerLink(dialled, { ...world, serverKey: key, beaten });
    const toInput = (bytes: Uint8Array): LongRegistrationInput => ({
      type: "received",
      message: decodeServerMessage(bytes),
    });
    const outcome = await drive<LongRegistrationInput, RegistrationEffect, LongRegistrationEnd>(
      new LongRegistration({ id, uuid, publicKey: identity.publicKey, keys }),
      { type: "start" },
      {
        source: merged(beats, new LinkSource(secret, toInput)),
        clock: world.clock,
        perform(effect) {
          if (effect.type === "registered") registered = true;
          // A link that breaks while sending breaks for the reader as well.
          if (effect.type === "send") void secret.send(encodeServerMessage(effect.message)).catch(() => undefined);
          else happened(effect);
        },
        signal,
      },
    );
    return outcome.type === "unsupported" ? "unsupported" : "lost";
  } catch (error) {
    if (signal.aborted) throw new LinkError("aborted", "aborted", { cause: signal.reason });
    if (!(error instanceof LinkError || error instanceof ProtocolError || error instanceof WireError)) throw error;
    if (error instanceof LinkError && error.code === "wrong-key") return "impostor";
    return registered ? "lost" : "unsupported";
  } finally {
    cancel();
    signal.removeEventListener("abort", close);
    close();
  }
}

/**
 * Until the server has been silent for a while, or a connection is worth another try. `impossible`: no name is resolved,
 * or there is no way out, as when a computer has just been started.
 */
async function byDatagrams(
  { id, uuid, identity, idServer }: HostOptions,
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

async function pause({ clock }: HostWorld, duration: number, signal: AbortSignal): Promise<void> {
  const over = Promise.withResolvers<void>();
  const abort = (): void => over.reject(new LinkError("aborted", "aborted", { cause: signal.reason }));
  const cancel = clock.alarm(clock.now() + duration, over.resolve);
  signal.addEventListener("abort", abort, { once: true });
  try {
    await over.promise;
  } finally {
    cancel();
    signal.removeEventListener("abort", abort);
  }
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
