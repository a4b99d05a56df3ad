import { drive, Inbox, type Link, LinkError, LinkSource, merged } from "@pulpit/link";
import {
  LongRegistration,
  type LongRegistrationEnd,
  type LongRegistrationInput,
  ProtocolError,
  publicKeyOf,
  type RegistrationEffect,
} from "@pulpit/protocol";
import { decodeServerMessage, encodeServerMessage, WireError } from "@pulpit/wire";
import type { HostOptions, HostWorld } from "./options.ts";
import { byDatagrams } from "./registering-by-datagram.ts";
import { idServerTarget, privateLink } from "./server-connection.ts";

/** After a connection was lost the next one is tried within this, ms: not all hosts of a server come back at once. */
const RECONNECT_WITHIN = 3_000;
/** … at a web address, where each attempt costs a TLS handshake, more and more seldom, and at least this often, ms. */
const RECONNECT_AT_MOST = 30_000;

/** Connecting takes at most this, ms; where nobody answers, datagrams may still get through. */
const CONNECT_WITHIN = 5_000;
/** At a web address there is nothing else to try (docs/protocol/rendezvous.md, section 4.3). */
const CONNECT_TO_WEB_WITHIN = 18_000;

/** What a registration tells its owner; messages are its own affair. */
export type RegistrationNews =
  | Exclude<RegistrationEffect, { type: "send" }>
  /** Whoever answers at the server's address can't prove that it has the key this host was told. */
  | { readonly type: "impostor" };

/**
 * Keeps an ID registered until `signal`: on an encrypted connection where the server has one, so that nobody on the way
 * learns or takes over anything (docs/protocol/rendezvous.md, chapter 9, rows 2 and 3), by datagrams with stock servers
 * and where TCP is closed. At a web address there is its WebSocket and nothing else. @throws LinkError aborted
 */
export async function keepRegistered(
  options: HostOptions,
  world: HostWorld,
  happened: (news: RegistrationNews) => void,
  signal: AbortSignal,
): Promise<never> {
  const { idServer } = options;
  if ("url" in idServer) return atWebAddress(options, world, happened, signal);
  for (;;) {
    const end = await byConnection(options, world, { happened, signal, asksKey: false });
    const isOver = end === "unreached" || end === "unsupported";
    if (isOver && (await byDatagrams(options, idServer, world, happened, signal)) === "ended") continue;
    happened({ type: end === "impostor" ? "impostor" : "offline" });
    await pause(world, RECONNECT_WITHIN, signal);
  }
}

async function atWebAddress(
  options: HostOptions,
  world: HostWorld,
  happened: (news: RegistrationNews) => void,
  signal: AbortSignal,
): Promise<never> {
  // Once only: asking counts as a call, and hosts of one address must not use up what its viewers may call.
  let asksKey = true;
  let within = RECONNECT_WITHIN;
  const told = (news: RegistrationNews): void => {
    if (news.type === "registered") within = RECONNECT_WITHIN;
    happened(news);
  };
  for (;;) {
    const end = await byConnection(options, world, { happened: told, signal, asksKey });
    if (end !== "unreached") asksKey = end === "impostor";
    // A server that answers and takes no such registration takes none at all from here.
    if (end === "unsupported") happened({ type: "rejected", why: "other" });
    else happened({ type: end === "impostor" ? "impostor" : "offline" });
    await pause(world, within, signal);
    within = Math.min(within * 2, RECONNECT_AT_MOST);
  }
}

type ConnectionEnd =
  /** There is no way to the server's port. */
  | "unreached"
  /** This server has no such connection. */
  | "unsupported"
  /** It had one, and will again. */
  | "lost"
  /** It shows another key than it should, and is told nothing by datagram either. */
  | "impostor";

/** `asksKey`: of a server that does not prove that it has the key, whether it says so. */
async function byConnection(
  options: HostOptions,
  world: HostWorld,
  how: {
    readonly happened: (news: RegistrationNews) => void;
    readonly signal: AbortSignal;
    readonly asksKey: boolean;
  },
): Promise<ConnectionEnd> {
  const { happened, signal, asksKey } = how;
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
  const within = "url" in idServer ? CONNECT_TO_WEB_WITHIN : CONNECT_WITHIN;
  const cancel = world.clock.alarm(world.clock.now() + within, () => dialling.abort());
  try {
    const dialled = await world.dial(idServerTarget(idServer), { route: "server", signal: dialling.signal });
    cancel();
    link = dialled;
    const beaten = (): void => beats.put({ type: "beaten" });
    const { link: secret, keys } = await privateLink(dialled, idServer, world, { serverKey: key, beaten });
    const toInput = (bytes: Uint8Array): LongRegistrationInput => ({
      type: "received",
      message: decodeServerMessage(bytes),
    });
    const outcome = await drive<LongRegistrationInput, RegistrationEffect, LongRegistrationEnd>(
      new LongRegistration({ id, uuid, publicKey: identity.publicKey, keys, ...(asksKey ? { serverKey } : {}) }),
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
    if (outcome.type === "wrong-key") return "impostor";
    return outcome.type === "unsupported" ? "unsupported" : "lost";
  } catch (error) {
    if (signal.aborted) throw new LinkError("aborted", "aborted", { cause: signal.reason });
    if (!(error instanceof LinkError || error instanceof ProtocolError || error instanceof WireError)) throw error;
    if (error instanceof LinkError && error.code === "wrong-key") return "impostor";
    if (link === undefined) return "unreached";
    return registered || "url" in idServer ? "lost" : "unsupported";
  } finally {
    cancel();
    signal.removeEventListener("abort", close);
    close();
  }
}

/** Some part of `within`, by chance. */
async function pause({ clock, random }: HostWorld, within: number, signal: AbortSignal): Promise<void> {
  const [chance = 0] = random.bytes(1);
  const duration = (within * chance) / 255;
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
