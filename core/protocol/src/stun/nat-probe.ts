import type { Machine, Millis } from "../machine.ts";
import { type BindingAnswer, bindingAnswer, bindingRequest } from "./binding.ts";

/** Pause before the third question, ms; the first two go at once. Each further pause is half as long again … */
const FIRST_PAUSE = 20;
/** … up to this: some get lost. */
const LONGEST_PAUSE = 200;
/** What is not known by then stays unknown, ms. */
const GIVE_UP_AFTER = 4_000;
/** When both ports have answered, ms: what does not come from the other port by then, asked for ten times, is kept out. */
const KEPT_OUT_AFTER = 2_000;

interface Place {
  readonly host: string;
  readonly port: number;
}

/** What becomes of the port of a UDP socket on the way, towards two ports of one server. */
export type NatMapping =
  /** It stays the socket's own. */
  | "kept"
  /** Another one, but the same towards both. */
  | "same"
  /** Towards each port another one: nobody can be told where to knock. */
  | "changing"
  /** One of the ports did not answer. */
  | "unknown";

/** Who may answer a socket that has spoken to one port of the server. */
export type NatFiltering =
  /** Its other ports, too. */
  | "open-to-other-ports"
  /** That port only. */
  | "strict"
  /** The server can't answer from another port, or it can't be told why nothing comes. */
  | "unknown";

export interface NatFindings {
  /** Whether the server sees the socket's own address and port, or something between puts others in their place. */
  readonly translation: "none" | "seen" | "unknown";
  readonly mapping: NatMapping;
  readonly filtering: NatFiltering;
}

/** `asking` speaks to both ports, `waiting` never to the second: what comes from there comes unasked. */
export type NatSocket = "asking" | "waiting";

export type NatProbeInput =
  | { readonly type: "start" }
  | { readonly type: "received"; readonly socket: NatSocket; readonly from: Place; readonly data: Uint8Array }
  | { readonly type: "timeout" };

export type NatProbeEffect =
  | { readonly type: "send"; readonly socket: NatSocket; readonly port: number; readonly data: Uint8Array }
  | { readonly type: "finish"; readonly outcome: NatFindings };

export interface NatProbeOptions {
  /** Its numeric address and main port; the second one is the port below. */
  readonly server: Place;
  /** The asking socket's own. */
  readonly local: Place;
  /** Three, from a generator nobody can foresee. */
  readonly transactions: readonly [Uint8Array, Uint8Array, Uint8Array];
}

/** Asks an ID server's two ports by STUN what a NAT does with ports (RFC 4787), the way of RFC 5780, section 4. */
export class NatProbe implements Machine<NatProbeInput, NatProbeEffect> {
  readonly #options: NatProbeOptions;
  readonly #second: number;
  #atMain: Place | undefined;
  #atSecond: Place | undefined;
  #fromOther: "came" | "impossible" | undefined;
  #bothSince: Millis | undefined;
  #pause = FIRST_PAUSE;
  #until: Millis = 0;
  #deadline: Millis | undefined;

  constructor(options: NatProbeOptions) {
    this.#options = options;
    this.#second = options.server.port - 1;
  }

  get deadline(): Millis | undefined {
    return this.#deadline;
  }

  handle(input: NatProbeInput, now: Millis): readonly NatProbeEffect[] {
    switch (input.type) {
      case "start":
        this.#until = now + GIVE_UP_AFTER;
        this.#deadline = now + this.#pause;
        return [...this.#questions(), ...this.#questions()];
      case "received":
        this.#take(input, now);
        return this.#isOver(now) ? [this.#finish()] : [];
      case "timeout":
        if (this.#isOver(now)) return [this.#finish()];
        this.#pause = Math.min(this.#pause * 1.5, LONGEST_PAUSE);
        this.#deadline = Math.min(now + this.#pause, this.#keptOutAt());
        return this.#questions();
    }
  }

  /** What has not been answered yet. */
  #questions(): readonly NatProbeEffect[] {
    const { server, transactions } = this.#options;
    const main = server.port;
    const questions: NatProbeEffect[] = [];
    const ask = (socket: NatSocket, port: number, data: Uint8Array): void =>
      void questions.push({ type: "send", socket, port, data });
    if (this.#atMain === undefined) ask("asking", main, bindingRequest(transactions[0], "asked-port"));
    if (this.#mayAnswerAtSecond()) ask("asking", this.#second, bindingRequest(transactions[1], "asked-port"));
    if (this.#fromOther === undefined) ask("waiting", main, bindingRequest(transactions[2], "other-port"));
    return questions;
  }

  /** A server that refuses to answer from its other port has none. */
  #mayAnswerAtSecond(): boolean {
    return this.#atSecond === undefined && this.#fromOther !== "impossible" && this.#second > 0;
  }

  #take({ socket, from, data }: Extract<NatProbeInput, { type: "received" }>, now: Millis): void {
    const { server, transactions } = this.#options;
    if (from.host !== server.host) return;
    const isMain = from.port === server.port;
    if (socket === "waiting") {
      this.#fromOther ??= cameFrom(bindingAnswer(data, transactions[2]), isMain);
      return;
    }
    if (isMain) this.#atMain ??= addressIn(bindingAnswer(data, transactions[0]));
    if (from.port === this.#second) this.#atSecond ??= addressIn(bindingAnswer(data, transactions[1]));
    if (this.#bothSince !== undefined || this.#atMain === undefined || this.#atSecond === undefined) return;
    this.#bothSince = now;
    this.#deadline = Math.min(this.#deadline ?? now, this.#keptOutAt());
  }

  #keptOutAt(): Millis {
    return this.#bothSince === undefined ? this.#until : Math.min(this.#bothSince + KEPT_OUT_AFTER, this.#until);
  }

  #isOver(now: Millis): boolean {
    const isAllKnown = this.#atMain !== undefined && !this.#mayAnswerAtSecond() && this.#fromOther !== undefined;
    return isAllKnown || now >= this.#keptOutAt();
  }

  #finish(): NatProbeEffect {
    const { local } = this.#options;
    const seen = [this.#atMain, this.#atSecond].filter((place) => place !== undefined);
    const isOwn = seen.every(({ host, port }) => host === local.host && port === local.port);
    const translation = seen.length === 0 ? "unknown" : isOwn ? "none" : "seen";
    return { type: "finish", outcome: { translation, mapping: this.#mapping(), filtering: this.#filtering() } };
  }

  #mapping(): NatMapping {
    const [main, second] = [this.#atMain, this.#atSecond];
    if (main === undefined || second === undefined) return "unknown";
    // Another address is another place to knock, whatever the port.
    if (main.host !== second.host || main.port !== second.port) return "changing";
    return main.port === this.#options.local.port ? "kept" : "same";
  }

  #filtering(): NatFiltering {
    if (this.#fromOther === "came") return "open-to-other-ports";
    // Where the second port can't be asked at all, it may be the server's own firewall that nothing comes from it.
    return this.#fromOther === undefined && this.#bothSince !== undefined ? "strict" : "unknown";
  }
}

function addressIn(answer: BindingAnswer | undefined): Place | undefined {
  return answer?.type === "mapped" ? answer.address : undefined;
}

/** An answer from the port that was asked is one of a server that did not understand the question. */
function cameFrom(answer: BindingAnswer | undefined, isMain: boolean): "came" | "impossible" | undefined {
  if (answer === undefined) return undefined;
  return answer.type === "mapped" && !isMain ? "came" : "impossible";
}
