import { drive, Inbox, type Link, LinkError, LinkSource, merged, Outbox } from "@pulpit/link";
import {
  HostLogin,
  HostSession,
  type HostSessionEnd,
  type HostSessionInput,
  LoginError,
  type Permission,
  ProtocolError,
  refusal,
  symbolsOf,
} from "@pulpit/protocol";
import { encodeMessage, WireError } from "@pulpit/wire";
import type { ViewerChannel } from "./features/feature.ts";
import type { HostOptions, HostWorld, ViewerFacts } from "./options.ts";
import type { Desktop } from "./ports/desktop.ts";
import { abilitiesOf } from "./reception/abilities.ts";
import { admitsAddress } from "./reception/policy.ts";
import type { Reception } from "./reception/reception.ts";
import type { LiveSession } from "./reception/sessions.ts";
import { received, type Secured, secure } from "./secure.ts";
import type { Openness } from "./secure-direct.ts";
import { Stay } from "./stay.ts";

/** Largest message before login, bytes: none of the five needs more (docs/protocol/handshake.md, section 9, row 15). */
const LIMIT_BEFORE_LOGIN = 64 * 1024;
/** Symbols of a challenge: 80 bits, where stock has 30 (docs/protocol/session.md, section 22, row 3). */
const CHALLENGE_SYMBOLS = 16;
/** A rejected connection lingers, so that the text arrives, ms (section 9.3). */
const LINGER = 1_000;

/** What all sessions of a host share. */
export interface HostShared {
  readonly world: Pick<HostWorld, "crypto" | "random" | "compression" | "clock">;
  readonly options: Pick<HostOptions, "id" | "identity" | "allowPlaintext">;
  readonly desktop: Desktop;
  readonly reception: Reception;
}

/** What is known about a viewer before it says anything. */
export interface Call {
  /** Where it comes from as far as known, for filters and for counting its failures. */
  readonly address: string;
  /** What the ID server forbids in this session. */
  readonly forbidden: ReadonlySet<Permission>;
  /** It came to this computer's own port, without an ID server. */
  readonly direct?: Openness;
  /** It is in. */
  readonly onEntered?: (session: LiveSession) => void;
}

/** How a visit ended; `viewer` and `session` only when it got in. */
export type VisitEnd =
  | { readonly session: string; readonly viewer: ViewerFacts; readonly why: string }
  | { readonly session: undefined; readonly why: string };

/** One peer from the first byte to the last: handshake, login, session. Closes the link in the end. */
export async function serve(link: Link, call: Call, shared: HostShared, signal: AbortSignal): Promise<VisitEnd> {
  link.limit(LIMIT_BEFORE_LOGIN);
  try {
    const channel = await secure(link, shared.world, shared.options, signal, call.direct);
    if (channel === undefined) return { session: undefined, why: "plaintext-refused" };
    if (!admitsAddress(shared.reception.policy(), call.address)) {
      await turnAway(channel.link, shared.world);
      return { session: undefined, why: "address-blocked" };
    }
    return await converse(channel, call, shared, signal);
  } finally {
    await link.close();
  }
}

/** No challenge for somebody who may not come (session.md, section 5). */
async function turnAway(link: Link, { clock }: HostShared["world"]): Promise<void> {
  await link.send(encodeMessage(refusal(LoginError.addressBlocked)));
  await new Promise<void>((resolve) => clock.alarm(clock.now() + LINGER, resolve));
}

async function converse(secured: Secured, call: Call, shared: HostShared, signal: AbortSignal): Promise<VisitEnd> {
  const { world, options, reception } = shared;
  const { link, encrypted } = secured;
  const { clock } = world;
  const challenge = symbolsOf(world.random.bytes(CHALLENGE_SYMBOLS));
  const { salt } = reception.credentials;
  const possible = new Set([...abilitiesOf(shared.desktop)].filter((permission) => !call.forbidden.has(permission)));
  const outbox = new Outbox(link, clock);
  const inbox = new Inbox<HostSessionInput>();
  const channel: ViewerChannel = {
    send: (message, lane, left) => outbox.put(encodeMessage(message), lane, left),
    get queuedBytes() {
      return outbox.queuedBytes;
    },
    now: () => clock.now(),
    dismiss: (farewell) => inbox.put({ type: "dismissed", farewell }),
  };
  const stay = new Stay({ shared, secured, call, possible, channel, tell: (input) => inbox.put(input) });
  const login = new HostLogin(
    options.id,
    call.address,
    reception.house({
      challenge,
      salt,
      possible,
      address: call.address,
      encrypted,
      now: () => clock.now(),
      matched: (match) => stay.matched(match),
    }),
    // Only there nobody but this computer can have been meant.
    { byAddress: call.direct !== undefined },
  );
  const granted = new Set([...reception.policy().granted].filter((permission) => possible.has(permission)));
  const idleAfter = (): number => reception.policy().idleAfter;
  const machine = new HostSession({ login, salt, challenge, granted, idleAfter });

  let end: HostSessionEnd | undefined;
  try {
    end = await Promise.race([
      drive(
        machine,
        { type: "start" },
        {
          source: merged(inbox, new LinkSource(link, received)),
          clock,
          perform: (effect) => stay.perform(effect, machine),
          signal,
        },
      ),
      outbox.failed,
    ]);
    return stay.ended(reasonOf(end));
  } catch (error) {
    const broken = error instanceof LinkError || error instanceof ProtocolError || error instanceof WireError;
    // A visitor that got in has left, whatever broke; bugs and strangers go on up.
    if (!stay.isIn || !broken) throw error;
    return stay.ended(error.code);
  } finally {
    login.gone();
    // A link that broke may be taken up again; one that was closed on purpose may not.
    await stay.close(end === undefined || end.type === "silent");
    await outbox.drained();
  }
}

function reasonOf(end: HostSessionEnd): string {
  return end.type === "rejected" ? end.why : end.type;
}
