import type { Millis } from "../machine.ts";
import type { Endpoint } from "./device.ts";

/** A viewer's question is remembered for this long, ms: three requests of 3, 6 and 9 s and some reserve. */
const WAIT = 30_000;
/** Candidates of one direction in one call (docs/protocol/webrtc.md, section 6). */
const MAX_CANDIDATES = 64;

/** A viewer waiting for a host's answer. */
export interface WaitingViewer {
  /** The viewer's connection to the ID server. */
  readonly connection: number;
  readonly hostId: string;
  /** 32-byte key of the host, as stored when the viewer asked. */
  readonly hostKey: Uint8Array;
  /** What the viewer's WebRTC offer and both sides' candidates have in common; empty without an offer. */
  readonly sessionKey: string;
  /** What it will show the relay, when it asked for one; empty otherwise. */
  readonly uuid: string;
}

interface Call extends WaitingViewer {
  readonly handle: Endpoint;
  until: Millis;
  /** The host has answered; candidates may still follow. */
  answered: boolean;
  /** Candidates still allowed, from the viewer and from the host. */
  readonly left: { viewer: number; host: number };
}

/**
 * Which viewer waits for which host. The handle is the viewer's address, which the host sends back
 * (docs/protocol/rendezvous.md, section 4.10): an answer is taken once, for the ID that was asked about.
 */
export class WaitingViewers {
  readonly #limit: number;
  readonly #calls = new Map<string, Call>();
  readonly #byConnection = new Map<number, string>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#calls.size;
  }

  add(handle: Endpoint, viewer: WaitingViewer, now: Millis): void {
    const key = keyOf(handle);
    this.#remove(key);
    this.#calls.set(key, {
      ...viewer,
      handle,
      until: now + WAIT,
      answered: false,
      left: { viewer: MAX_CANDIDATES, host: MAX_CANDIDATES },
    });
    this.#byConnection.set(viewer.connection, key);
    if (this.#calls.size > this.#limit) this.#remove(this.#calls.keys().next().value as string);
  }

  /** The viewer behind a handle, if its question is still open. */
  get(handle: Endpoint, now: Millis): WaitingViewer | undefined {
    const call = this.#live(keyOf(handle), now);
    return call === undefined || call.answered ? undefined : call;
  }

  /** Its question was answered: by one answer, of which no second one is taken. */
  answered(handle: Endpoint, now: Millis): void {
    const key = keyOf(handle);
    const call = this.#calls.get(key);
    if (call === undefined) return;
    // Only a call over WebRTC goes on after the answer.
    if (call.sessionKey === "") this.#remove(key);
    else {
      call.answered = true;
      call.until = now + WAIT;
    }
  }

  /** The call on a viewer's connection that one more candidate may be sent in, and its handle. */
  candidateFromViewer(connection: number, now: Millis): (WaitingViewer & { readonly handle: Endpoint }) | undefined {
    const call = this.#live(this.#byConnection.get(connection) ?? "", now);
    if (call === undefined || call.left.viewer === 0) return undefined;
    call.left.viewer -= 1;
    return call;
  }

  candidateFromHost(handle: Endpoint, now: Millis): WaitingViewer | undefined {
    const call = this.#live(keyOf(handle), now);
    if (call === undefined || call.left.host === 0) return undefined;
    call.left.host -= 1;
    return call;
  }

  disconnected(connection: number): void {
    const key = this.#byConnection.get(connection);
    if (key !== undefined) this.#remove(key);
  }

  #live(key: string, now: Millis): Call | undefined {
    const call = this.#calls.get(key);
    return call !== undefined && now < call.until ? call : undefined;
  }

  #remove(key: string): void {
    const call = this.#calls.get(key);
    if (call === undefined) return;
    this.#calls.delete(key);
    if (this.#byConnection.get(call.connection) === key) this.#byConnection.delete(call.connection);
  }
}

function keyOf({ host, port }: Endpoint): string {
  return `${host} ${port}`;
}
