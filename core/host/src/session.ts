import { drive, Inbox, type Link, LinkError, LinkSource, merged, Outbox, sealed } from "@pulpit/link";
import {
  type Attempts,
  HostHandshake,
  HostLogin,
  HostSession,
  type HostSessionEffect,
  type HostSessionEnd,
  type HostSessionInput,
  Opening,
  ProtocolError,
  Sealing,
  symbolsOf,
} from "@pulpit/protocol";
import { decodeMessage, encodeMessage, type PeerMessage, WireError } from "@pulpit/wire";
import type { ViewerChannel } from "./features/feature.ts";
import type { OneTimePassword } from "./one-time-password.ts";
import type { HostOptions, HostWorld, ViewerFacts } from "./options.ts";
import type { Match, Passwords } from "./passwords.ts";
import type { Desktop } from "./ports/desktop.ts";
import type { RecentSessions } from "./recent-sessions.ts";
import { admitted, type Visit } from "./visit.ts";

/** Largest message before login, bytes: none of the five needs more (docs/protocol/handshake.md, section 9, row 15). */
const LIMIT_BEFORE_LOGIN = 64 * 1024;
/** … and after it: clipboard and file blocks. */
const LIMIT_AFTER_LOGIN = 16 * 1024 * 1024;
/** Symbols of a challenge: 80 bits, where stock has 30 (docs/protocol/session.md, section 22, row 3). */
const CHALLENGE_SYMBOLS = 16;

/** What all sessions of a host share. */
export interface HostShared {
  readonly world: HostWorld;
  readonly options: HostOptions;
  readonly desktop: Desktop;
  readonly attempts: Attempts;
  readonly oneTime: OneTimePassword;
  readonly passwords: Passwords;
  readonly recent: RecentSessions;
  readonly joined: (viewer: ViewerFacts) => void;
}

/** How a visit ended; `viewer` only when it got in. */
export interface VisitEnd {
  readonly viewer?: ViewerFacts;
  readonly why: string;
}

/**
 * One peer from the first byte to the last: handshake, login, session. Closes the link in the end.
 * `address`: where the viewer comes from as far as known, for counting its failures.
 */
export async function serve(link: Link, address: string, shared: HostShared, signal: AbortSignal): Promise<VisitEnd> {
  link.limit(LIMIT_BEFORE_LOGIN);
  try {
    const channel = await secure(link, shared, signal);
    if (channel === undefined) return { why: "plaintext-refused" };
    return await converse(channel, address, shared, signal);
  } finally {
    await link.close();
  }
}

/** The link, encrypted; undefined when the viewer wants plaintext and the owner does not allow it. */
async function secure(link: Link, shared: HostShared, signal: AbortSignal): Promise<Link | undefined> {
  const { crypto, random, clock } = shared.world;
  const box = crypto.boxKeyPair(random.bytes(32));
  const handshake = new HostHandshake({ crypto, id: shared.options.id, identity: shared.options.identity, box });
  const source = new LinkSource(link, received);
  const sending = Promise.withResolvers<never>();
  const outcome = await Promise.race([
    drive(
      handshake,
      { type: "start" },
      {
        source,
        clock,
        perform: (effect) => {
          if (effect.type === "send") link.send(encodeMessage(effect.message)).catch(sending.reject);
        },
        signal,
      },
    ),
    sending.promise,
  ]);
  box.secretKey.fill(0);
  if (outcome.type === "secured") {
    return sealed(link, new Sealing(crypto, outcome.key), new Opening(crypto, outcome.key));
  }
  return outcome.type === "plaintext" && shared.options.allowPlaintext ? link : undefined;
}

async function converse(link: Link, address: string, shared: HostShared, signal: AbortSignal): Promise<VisitEnd> {
  const { world, options, passwords, oneTime, attempts } = shared;
  const challenge = symbolsOf(world.random.bytes(CHALLENGE_SYMBOLS));
  let match: Match | undefined;
  const login = new HostLogin({
    id: options.id,
    challenge,
    address,
    attempts,
    granted: options.granted,
    verify: (request, text, now) => {
      match = passwords.match(request, text, now);
      return match?.by;
    },
  });
  const machine = new HostSession({ login, salt: options.salt, challenge, granted: options.granted });
  const outbox = new Outbox(link, world.clock);
  const inbox = new Inbox<HostSessionInput>();
  const channel: ViewerChannel = {
    send: (message, lane, left) => outbox.put(encodeMessage(message), lane, left),
    get queuedBytes() {
      return outbox.queuedBytes;
    },
    now: () => world.clock.now(),
    dismiss: (farewell) => inbox.put({ type: "dismissed", farewell }),
  };
  let visit: Visit | undefined;

  function perform(effect: Exclude<HostSessionEffect, { type: "finish" }>): void {
    switch (effect.type) {
      case "send":
        channel.send(effect.message, "control");
        break;
      case "wrongPassword":
        oneTime.missed();
        break;
      case "admitted": {
        link.limit(LIMIT_AFTER_LOGIN);
        oneTime.matched();
        if (match !== undefined) shared.recent.started(effect.request, match.passwordHash);
        visit = admitted({ channel, machine, shared, address, login: effect });
        shared.joined(visit.viewer);
        break;
      }
      case "deliver":
        visit?.deliver(effect.key, effect.message, effect.standing);
        break;
      case "measured":
        visit?.measured(effect.delay);
        break;
    }
  }

  let end: HostSessionEnd | undefined;
  try {
    end = await Promise.race([
      drive(
        machine,
        { type: "start" },
        { source: merged(inbox, new LinkSource(link, received)), clock: world.clock, perform, signal },
      ),
      outbox.failed,
    ]);
    return visit === undefined ? { why: reasonOf(end) } : { viewer: visit.viewer, why: reasonOf(end) };
  } catch (error) {
    // A visitor that got in has left, whatever broke; bugs and strangers go on up.
    if (
      visit === undefined ||
      !(error instanceof LinkError || error instanceof ProtocolError || error instanceof WireError)
    )
      throw error;
    return { viewer: visit.viewer, why: error.code };
  } finally {
    await visit?.close();
    if (visit !== undefined) {
      // A link that broke may be taken up again; one that was closed on purpose may not.
      shared.recent.ended(visit.request, end === undefined || end.type === "silent", world.clock.now());
      oneTime.renew();
    }
    await outbox.drained();
  }
}

function received(bytes: Uint8Array): { readonly type: "received"; readonly message: PeerMessage } {
  return { type: "received", message: decodeMessage(bytes) };
}

function reasonOf(end: HostSessionEnd): string {
  return end.type === "rejected" ? end.why : end.type;
}
