import type { BoundLink, Link, WebRtcConnection } from "@pulpit/link";
import { encodeEndpoint, HostSignalling, type HostSignallingEffect, type HostSignallingInput } from "@pulpit/protocol";
import { encodeServerMessage, type IceCandidate } from "@pulpit/wire";
import type { HostWorld } from "../options.ts";
import type { Call } from "./call.ts";

/** The answer to an offer has to be there within this, ms: the viewer waits for it. */
const DESCRIBED_WITHIN = 3_000;

type Ways = NonNullable<HostWorld["ways"]>;

interface Answering {
  readonly call: Call;
  readonly abort: AbortController;
  connection: WebRtcConnection | undefined;
  /** For the own candidates, opened with the first. */
  server: Promise<Link> | undefined;
}

/** WebRTC of a host: answers offers, carries candidates both ways, hands over channels that open. */
export class WebRtcDesk {
  readonly #world: HostWorld;
  readonly #build: NonNullable<Ways["webrtc"]>;
  readonly #signalling: HostSignalling;
  readonly #opened: (call: Call, link: BoundLink) => void;
  readonly #answering = new Map<number, Answering>();
  readonly #calls = new Map<number, { readonly call: Call; readonly answered: (answer: string) => void }>();
  #count = 0;
  #cancel: (() => void) | undefined;
  #isClosed = false;

  /** `opened`: a viewer is there. `loopback`: the ID server is on this machine, and so may viewers be. */
  constructor(options: {
    readonly world: HostWorld;
    readonly build: NonNullable<Ways["webrtc"]>;
    readonly loopback: boolean;
    readonly opened: (call: Call, link: BoundLink) => void;
  }) {
    this.#world = options.world;
    this.#build = options.build;
    this.#opened = options.opened;
    const situation = (): { proxy: boolean; turn: boolean; rule: "all" } => ({
      proxy: false,
      turn: false,
      rule: "all",
    });
    this.#signalling = new HostSignalling({ situation, loopback: options.loopback });
  }

  /** The endpoint to answer a call with; empty: declined. */
  answer(call: Call): Promise<string> {
    const { promise, resolve } = Promise.withResolvers<string>();
    this.#count += 1;
    const number = this.#count;
    const late = this.#world.clock.alarm(this.#world.clock.now() + DESCRIBED_WITHIN, () => settle(""));
    const settle = (answer: string): void => {
      late();
      this.#calls.delete(number);
      resolve(answer);
    };
    this.#calls.set(number, { call, answered: settle });
    const { offer, forceRelay } = call.plan;
    const { socketAddr } = call.invitation.value;
    this.#tell({ type: "invited", call: number, offer, socketAddr, forceRelay });
    return promise;
  }

  received(message: IceCandidate): void {
    this.#tell({ type: "received", message });
  }

  close(): void {
    this.#isClosed = true;
    this.#cancel?.();
    for (const number of [...this.#answering.keys()]) this.#end(number);
  }

  #tell(input: HostSignallingInput): void {
    if (this.#isClosed) return;
    const { clock } = this.#world;
    for (const effect of this.#signalling.handle(input, clock.now())) this.#perform(effect);
    this.#cancel?.();
    const { deadline } = this.#signalling;
    this.#cancel = deadline === undefined ? undefined : clock.alarm(deadline, () => this.#tell({ type: "timeout" }));
  }

  #perform(effect: HostSignallingEffect): void {
    switch (effect.type) {
      case "build":
        void this.#make(effect);
        break;
      case "add":
        this.#answering.get(effect.answerer)?.connection?.add(effect.candidate);
        break;
      case "answer":
        this.#calls.get(effect.call)?.answered(effect.answer);
        break;
      case "send":
        void this.#send(effect.answerer, encodeServerMessage(effect.message));
        break;
      case "close":
        this.#end(effect.answerer);
        break;
    }
  }

  async #make({ answerer, offer, policy }: HostSignallingEffect & { readonly type: "build" }): Promise<void> {
    // The call that brought the offer is the newest one.
    const call = this.#calls.get(this.#count)?.call;
    if (call === undefined) return;
    const abort = new AbortController();
    const answering: Answering = { call, abort, connection: undefined, server: undefined };
    this.#answering.set(answerer, answering);
    try {
      const connection = await this.#build(offer.sdp, {
        policy,
        gathered: (candidate) => this.#tell({ type: "gathered", answerer, candidate }),
        signal: abort.signal,
      });
      answering.connection = connection;
      const endpoint = { type: "answer" as const, sdp: connection.description, declaresAll: policy === "all" };
      this.#tell({ type: "described", answerer, answer: encodeEndpoint(endpoint) });
      const link = await connection.opened;
      this.#tell({ type: "opened", answerer });
      this.#answering.delete(answerer);
      void answering.server?.then((server) => server.close()).catch(() => undefined);
      this.#opened(call, link);
    } catch {
      // No path was found, or it was given up: the viewer has other ways.
      this.#end(answerer);
      this.#tell({ type: "closed", answerer });
    }
  }

  /** Candidates go on a connection of their own (docs/protocol/webrtc.md, section 7.3). */
  async #send(number: number, message: Uint8Array): Promise<void> {
    const answering = this.#answering.get(number);
    if (answering === undefined) return;
    answering.server ??= answering.call.server(answering.abort.signal);
    try {
      await (await answering.server).send(message);
    } catch {
      // One more try with the next candidate.
      answering.server = undefined;
    }
  }

  #end(number: number): void {
    const answering = this.#answering.get(number);
    if (answering === undefined) return;
    this.#answering.delete(number);
    answering.abort.abort();
    answering.connection?.close();
    void answering.server?.then((server) => server.close()).catch(() => undefined);
  }
}
