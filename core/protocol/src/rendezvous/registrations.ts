import {
  type RegisterPeer,
  type RegisterPk,
  RegisterPkResponse_Result as Result,
  type ServerMessageInit,
} from "@pulpit/wire";
import { Extension } from "../extensions.ts";
import type { Millis } from "../machine.ts";
import { answer, type BrokerEffect } from "./broker-effects.ts";
import type { Directory, Endpoint } from "./device.ts";
import { type EnrolmentPolicy, KeyRegistrar } from "./key-registration.ts";
import type { Presence } from "./presence.ts";

/** A device on a long-lived connection counts as gone after 1.5 times this without a sign of life from us, s (section 4.3). */
const KEEP_ALIVE = 60;

/** Devices say who and where they are. Source: docs/protocol/rendezvous.md, sections 4.1 to 4.4. */
export class Registrations {
  readonly #presence: Presence;
  readonly #registrar: KeyRegistrar;

  constructor(policy: EnrolmentPolicy, directory: Directory, presence: Presence) {
    this.#presence = presence;
    this.#registrar = new KeyRegistrar(policy, directory);
  }

  /** "I am still here", by datagram. */
  alive({ id }: RegisterPeer, from: Endpoint, now: Millis): readonly BrokerEffect[] {
    if (id === "") return [];
    const requestPk = !this.#presence.alive(id, from, now);
    return [{ type: "sendDatagram", to: from, message: { case: "registerPeerResponse", value: { requestPk } } }];
  }

  byDatagram(request: RegisterPk, from: Endpoint, now: Millis): readonly BrokerEffect[] {
    // A datagram may be an old one that somebody sends again; while its connection lives, that is where a device is.
    if (this.#presence.get(request.id)?.connection !== undefined) {
      return [{ type: "sendDatagram", to: from, message: response(Result.TOO_FREQUENT) }];
    }
    const verdict = this.#register(request, from, now, undefined);
    if (verdict === undefined) return [];
    return [...verdict.effects, { type: "sendDatagram", to: from, message: response(verdict.result) }];
  }

  /** On a connection that stays: what is for this device is sent there. */
  byConnection(request: RegisterPk, from: Endpoint, connection: number, now: Millis): readonly BrokerEffect[] {
    if (request.oldId !== "") return this.#changeId(request, from, connection, now);
    const verdict = this.#register(request, from, now, connection);
    if (verdict === undefined) return [{ type: "close", connection }];
    const reply: BrokerEffect = { type: "send", connection, message: response(verdict.result, KEEP_ALIVE) };
    // A device that has to wait for an administrator asks again on the same connection.
    const stays = verdict.result === Result.OK || verdict.result === Result.NOT_DEPLOYED;
    return [...verdict.effects, reply, stays ? { type: "keep", connection } : { type: "close", connection }];
  }

  /** A connection that only shows, by being there, that something goes on (section 4.19). */
  kept(connection: number): readonly BrokerEffect[] {
    return [
      { type: "send", connection, message: response(Result.OK, KEEP_ALIVE) },
      { type: "keep", connection },
    ];
  }

  /** Undefined for what is no registration at all. */
  #register(
    request: RegisterPk,
    from: Endpoint,
    now: Millis,
    connection: number | undefined,
  ): { readonly result: Result; readonly effects: readonly BrokerEffect[] } | undefined {
    const verdict = this.#registrar.judge(request, from, now);
    switch (verdict.type) {
      case "ignored":
        return undefined;
      case "answered":
        return { result: verdict.result, effects: [] };
      case "asked":
        return {
          result: Result.NOT_DEPLOYED,
          effects: [{ type: "ask", wish: verdict.wish, record: verdict.record }],
        };
      case "accepted": {
        // At once, where stock waits for the next RegisterPeer: the sender has just shown uuid and key.
        const hasRoom = this.#presence.registered(request.id, from, now, connection);
        if (!hasRoom) return { result: Result.TOO_FREQUENT, effects: [] };
        return {
          result: Result.OK,
          effects: verdict.changed ? [{ type: "remember", record: verdict.record }] : [],
        };
      }
    }
  }

  #changeId(request: RegisterPk, from: Endpoint, connection: number, now: Millis): readonly BrokerEffect[] {
    const verdict = this.#registrar.judgeChange(request, from, now);
    if (verdict.type === "answered") return answer(connection, response(verdict.result));
    // It registers anew under the other ID, by its normal channel.
    this.#presence.forget(verdict.from);
    const rename: BrokerEffect = { type: "rename", from: verdict.from, to: verdict.to };
    return [rename, ...answer(connection, response(Result.OK))];
  }
}

function response(result: Result, keepAlive = 0): ServerMessageInit {
  return {
    case: "registerPkResponse",
    value: { result, keepAlive, extensions: [Extension.ticket, Extension.serverChannel] },
  };
}
