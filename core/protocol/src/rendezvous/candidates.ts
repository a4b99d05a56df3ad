import { decodeSocketAddress, type IceCandidate } from "@pulpit/wire";
import type { Millis } from "../machine.ts";
import { type BrokerEffect, toHost } from "./broker-effects.ts";
import { type Endpoint, sameMachine } from "./device.ts";
import type { Presence } from "./presence.ts";
import type { WaitingViewers } from "./waiting-viewers.ts";

/** Longest candidate, characters; real ones take 150. */
const MAX_CANDIDATE = 1024;
const NOTHING: Uint8Array<ArrayBuffer> = new Uint8Array(0);

/**
 * ICE candidates on their way between a viewer and the host it called: only within a call that is open and that
 * began with an offer, only with that offer's session key. Source: docs/protocol/webrtc.md, section 6 and 17 row 2.
 */
export class Candidates {
  readonly #presence: Presence;
  readonly #waiting: WaitingViewers;
  readonly #fromAnywhere: boolean;

  /** `fromAnywhere`: hosts may answer from another address than they registered from. */
  constructor(presence: Presence, waiting: WaitingViewers, fromAnywhere: boolean) {
    this.#fromAnywhere = fromAnywhere;
    this.#presence = presence;
    this.#waiting = waiting;
  }

  passedOn(message: IceCandidate, connection: number, from: Endpoint, now: Millis): readonly BrokerEffect[] {
    if (message.candidate.length > MAX_CANDIDATE || message.sessionKey === "") return [];
    return message.socketAddr.length === 0
      ? this.#fromViewer(message, connection, now)
      : this.#fromHost(message, connection, from, now);
  }

  #fromViewer({ sessionKey, candidate }: IceCandidate, connection: number, now: Millis): readonly BrokerEffect[] {
    const call = this.#waiting.candidateFromViewer(connection, now);
    const host = call === undefined ? undefined : this.#presence.online(call.hostId, now);
    if (call === undefined || host === undefined || call.sessionKey !== sessionKey) return [];
    const value = { id: "", socketAddr: NOTHING, sessionKey, candidate };
    return [toHost(host, { case: "iceCandidate", value })];
  }

  /** On a connection that the host opened for its candidates; it never reads from it, and many may follow. */
  #fromHost(message: IceCandidate, connection: number, from: Endpoint, now: Millis): readonly BrokerEffect[] {
    const { socketAddr, sessionKey, candidate } = message;
    const call = this.#waiting.candidateFromHost(decodeSocketAddress(socketAddr), now);
    const host = call === undefined ? undefined : this.#presence.get(call.hostId);
    const isHost = host !== undefined && (this.#fromAnywhere || sameMachine(host.endpoint.host, from.host));
    if (call === undefined || !isHost) return [{ type: "close", connection }];
    if (call.sessionKey !== sessionKey) return [];
    const value = { id: "", socketAddr: NOTHING, sessionKey, candidate };
    return [{ type: "send", connection: call.connection, message: { case: "iceCandidate", value } }];
  }
}
