import { drive, Inbox, type Link, LinkError, LinkSource, merged, Outbox } from "@pulpit/link";
import {
  type Codec,
  passwordHash,
  type ViewerSessionEffect,
  type ViewerSessionInput,
  ViewerSessionMachine,
} from "@pulpit/protocol";
import { decodeMessage, encodeMessage, type OptionMessageInit, type PeerMessageInit } from "@pulpit/wire";
import type { DeviceTrust } from "./device-trust.ts";
import { endOfSession } from "./end.ts";
import { RemoteSession } from "./features/remote-session.ts";
import { decodingOption, loginRequest, viewOnlyOption } from "./login.ts";
import type { LoginMemory } from "./login-memory.ts";
import type { End, Phase } from "./state.ts";
import type { StateStore } from "./store.ts";
import type { ViewerIdentity, ViewerWorld } from "./viewer.ts";

/** Largest message taken from a host, bytes: a key frame of a large screen fits many times. */
const MAX_MESSAGE = 16 * 1024 * 1024;
const SECOND = 1000;

/** Everything one conversation needs. */
export interface ConversationOptions {
  readonly link: Link;
  /** How the host is called at the login. */
  readonly hostId: string;
  readonly identity: ViewerIdentity;
  readonly world: ViewerWorld;
  readonly store: StateStore;
  /** Random, not zero; stays the same when a session is taken up again. */
  readonly sessionId: bigint;
  /** What the sink decodes, best first. */
  readonly decodable: readonly Codec[];
  readonly trust: DeviceTrust;
  /** What opened the session, should it have to be opened again. */
  readonly memory: LoginMemory;
  /** There is another path: a silent one is given up soon. */
  readonly probes: boolean;
  /** The host no longer lets this viewer use its keyboard and mouse. */
  readonly onKeyboardLost: () => void;
}

/** A secured conversation with a host, from its challenge to the end. Owns the link and closes it. */
export class Conversation {
  readonly #options: ConversationOptions;
  readonly #inbox = new Inbox<ViewerSessionInput>();
  readonly #outbox: Outbox;
  readonly #remote: RemoteSession;
  #decodable: readonly Codec[];

  constructor(options: ConversationOptions) {
    const { link, world, store } = options;
    this.#options = options;
    this.#decodable = options.decodable;
    link.limit(MAX_MESSAGE);
    this.#outbox = new Outbox(link, world.clock);
    this.#remote = new RemoteSession({
      world,
      store,
      send: (message) => this.compose(message),
      onUnsupported: (codec) => this.#unsupported(codec),
      onKeyboardLost: options.onKeyboardLost,
    });
  }

  /** Runs until the session is over. @throws LinkError, ProtocolError, WireError */
  async run(password: string | undefined, signal: AbortSignal): Promise<End> {
    const { link, world } = this.#options;
    const { probes } = this.#options;
    const machine = new ViewerSessionMachine((given, hash) => this.#login(given, hash), { probes });
    const fromHost = new LinkSource(link, (bytes) => {
      this.#remote.counted(bytes.length);
      return { type: "received", message: decodeMessage(bytes) } as const;
    });
    let stopTicking = (): void => undefined;
    const tick = (): void => {
      stopTicking = world.clock.alarm(world.clock.now() + SECOND, () => {
        this.#remote.second();
        tick();
      });
    };
    tick();
    try {
      const outcome = await Promise.race([
        drive(machine, { type: "start", password } as ViewerSessionInput, {
          source: merged<ViewerSessionInput>(this.#inbox, fromHost),
          clock: world.clock,
          perform: (effect) => this.#perform(effect),
          signal,
        }),
        this.#outbox.failed,
      ]);
      // Nothing leaves any more on a path that is dead.
      if (outcome.type === "silent") await link.close(new LinkError("timed-out"));
      else await this.#outbox.drained();
      return endOfSession(outcome, this.#options.store.state.peer !== undefined);
    } finally {
      stopTicking();
      await link.close();
    }
  }

  /** Something the person did; nothing before login. */
  compose(message: PeerMessageInit): void {
    this.#inbox.put({ type: "composed", message });
  }

  setOption(value: OptionMessageInit): void {
    this.compose({ case: "misc", value: { union: { case: "option", value } } });
  }

  login(password: string): void {
    this.#inbox.put({ type: "passwordEntered", password });
  }

  /** `trust`: the host shall not ask this device again. */
  enterCode(code: string, trust: boolean): void {
    const deviceSecret = trust ? this.#options.trust.offer() : undefined;
    this.#inbox.put({ type: "codeEntered", code, deviceSecret });
  }

  leave(): void {
    this.#inbox.put({ type: "left" });
  }

  refresh(display: number): void {
    this.#remote.refresh(display);
  }

  /** Tells the host which codecs count from now on. */
  announceCodecs(): void {
    this.setOption(decodingOption(this.#decodable, this.#options.store.state.preferredCodec));
  }

  #login(
    password: string | undefined,
    hash: Parameters<typeof loginRequest>[0]["hash"],
  ): ReturnType<typeof loginRequest> {
    const { world, store, hostId, identity, sessionId, trust } = this.#options;
    const { preferredCodec, viewOnly } = store.state;
    const option = { ...viewOnlyOption(viewOnly), ...decodingOption(this.#decodable, preferredCodec) };
    const passwordHash = this.#hashOf(password, hash.salt);
    return loginRequest({
      ...{ crypto: world.crypto, hash, passwordHash, hostId, identity, sessionId, option },
      deviceSecret: trust.secret,
    });
  }

  #hashOf(password: string | undefined, salt: string): Uint8Array | undefined {
    const { world, memory } = this.#options;
    if (password === undefined || password === "") return memory.hashFor(salt);
    const hashed = passwordHash(world.crypto, password, salt);
    memory.tries(salt, hashed);
    return hashed;
  }

  #perform(effect: Exclude<ViewerSessionEffect, { type: "finish" }>): void {
    const { store, trust } = this.#options;
    switch (effect.type) {
      case "send":
        this.#outbox.put(encodeMessage(effect.message), "control");
        break;
      case "askPassword":
        if (effect.why === "wrong") this.#options.memory.refused();
        trust.withdraw();
        store.set({ phase: { name: "password", why: effect.why } });
        break;
      case "askSecondFactor":
        trust.refused();
        store.set({ phase: { name: "second-factor", why: effect.why, mayTrust: effect.mayTrust && trust.possible } });
        break;
      case "throttled":
        trust.withdraw();
        store.set({ phase: this.#pausing(effect) });
        break;
      case "waitForAcceptance":
        store.set({ phase: { name: "waiting-for-acceptance" } });
        break;
      case "connected":
        this.#options.memory.admitted();
        trust.admitted();
        this.#remote.connected(effect.peer, this.#decodable);
        break;
      case "measured":
        this.#remote.measured(effect.delay);
        break;
      case "deliver":
        this.#remote.handle(effect.message);
        break;
    }
  }

  #pausing({ of, pause, mayTrust }: Extract<ViewerSessionEffect, { type: "throttled" }>): Phase {
    const why = pause === "minute" ? "wait-a-minute" : "wait-long";
    if (of === "password") return { name: "password", why };
    return { name: "second-factor", why, mayTrust: mayTrust && this.#options.trust.possible };
  }

  #unsupported(codec: Codec): void {
    this.#decodable = this.#decodable.filter((known) => known !== codec);
    this.announceCodecs();
  }
}
