import {
  ConnType,
  PunchHoleResponse_Failure as Failure,
  NatType,
  type PunchHoleResponse,
  type RelayResponse,
  type ServerMessage,
  type ServerMessageInit,
} from "@pulpit/wire";
import type { Machine, Millis } from "../machine.ts";

/** How long each of the three requests waits, ms (docs/protocol/rendezvous.md, section 4.9, step 6). */
const WAITS: readonly number[] = [3000, 6000, 9000];

export type IntroductionInput =
  | { readonly type: "start" }
  | { readonly type: "received"; readonly message: ServerMessage }
  | { readonly type: "timeout" };

/** What the ID server answered. */
export type IntroductionOutcome =
  /** The host comes to the relay on its own account. `signedKey`: its key by the server's word; may be empty. */
  | {
      readonly type: "relay";
      readonly uuid: string;
      readonly relayServer: string;
      readonly signedKey: Uint8Array;
      /** For relays that want one; empty from servers that give none. */
      readonly ticket: Uint8Array;
    }
  /** The host waits to be dialled or to be asked to a relay (RelayRequest). */
  | { readonly type: "direct"; readonly relayServer: string; readonly signedKey: Uint8Array }
  | { readonly type: "not-found" | "offline" | "wrong-key" | "no-answer" }
  /** `text`: the server's own words. */
  | { readonly type: "refused"; readonly text: string };

export type IntroductionEffect =
  | { readonly type: "send"; readonly message: ServerMessageInit }
  | { readonly type: "finish"; readonly outcome: IntroductionOutcome };

export interface IntroductionOptions {
  readonly hostId: string;
  /** Public key of the ID server as text; it compares it with its own. */
  readonly licenceKey: string;
  readonly version: string;
}

/** The viewer's end: asks the ID server for a host. Source: docs/protocol/rendezvous.md, sections 4.9 and 4.10. */
export class Introduction implements Machine<IntroductionInput, IntroductionEffect> {
  readonly #options: IntroductionOptions;
  #attempt = 0;
  #deadline: Millis | undefined;

  constructor(options: IntroductionOptions) {
    this.#options = options;
  }

  get deadline(): Millis | undefined {
    return this.#deadline;
  }

  handle(input: IntroductionInput, now: Millis): readonly IntroductionEffect[] {
    switch (input.type) {
      case "start":
      case "timeout":
        return this.#ask(now);
      case "received":
        return this.#answered(input.message);
    }
  }

  #ask(now: Millis): readonly IntroductionEffect[] {
    const wait = WAITS[this.#attempt++];
    if (wait === undefined) return [{ type: "finish", outcome: { type: "no-answer" } }];
    this.#deadline = now + wait;
    const { hostId, licenceKey, version } = this.#options;
    // This viewer has no direct path yet; SYMMETRIC says so to stock servers, forceRelay to others.
    const value = {
      id: hostId,
      licenceKey,
      version,
      natType: NatType.SYMMETRIC,
      forceRelay: true,
      connType: ConnType.DEFAULT_CONN,
    };
    return [{ type: "send", message: { case: "punchHoleRequest", value } }];
  }

  #answered(message: ServerMessage): readonly IntroductionEffect[] {
    switch (message.case) {
      case "punchHoleResponse":
        return [{ type: "finish", outcome: punchOutcome(message.value) }];
      case "relayResponse":
        return [{ type: "finish", outcome: relayOutcome(message.value) }];
      default:
        return [];
    }
  }
}

function punchOutcome(response: PunchHoleResponse): IntroductionOutcome {
  if (response.otherFailure !== "") return { type: "refused", text: response.otherFailure };
  if (response.socketAddr.length > 0) {
    return { type: "direct", relayServer: response.relayServer, signedKey: response.pk };
  }
  switch (response.failure) {
    case Failure.ID_NOT_EXIST:
      return { type: "not-found" };
    case Failure.OFFLINE:
      return { type: "offline" };
    case Failure.LICENSE_MISMATCH:
      return { type: "wrong-key" };
    default:
      return { type: "refused", text: "" };
  }
}

function relayOutcome(response: RelayResponse): IntroductionOutcome {
  if (response.refuseReason !== "") return { type: "refused", text: response.refuseReason };
  const signedKey = response.union.case === "pk" ? response.union.value : new Uint8Array(0);
  const { uuid, relayServer, relayTicket: ticket } = response;
  return { type: "relay", uuid, relayServer, signedKey, ticket };
}
