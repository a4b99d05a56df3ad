import assert from "node:assert/strict";
import { nodeCompression, nodeCrypto, nodeRandom } from "@pulpit/crypto-node";
import { type Clock, drive, type Link, LinkError, LinkSource, memoryLinks, sealed } from "@pulpit/link";
import {
  HostHandshake,
  type KeyPair,
  Opening,
  type Permission,
  permissionToWire,
  Sealing,
  signIdentity,
} from "@pulpit/protocol";
import {
  decodeMessage,
  decodeServerMessage,
  encodeMessage,
  encodeServerMessage,
  type PunchHoleResponse_Failure as Failure,
  type PeerMessage,
  type PeerMessageInit,
  type ServerMessage,
  type ServerMessageInit,
} from "@pulpit/wire";
import type { DeviceSecrets } from "../src/ports/device-secrets.ts";
import type { KnownHosts } from "../src/ports/known-hosts.ts";
import type { End, Phase, ViewerState } from "../src/state.ts";
import { type ViewOptions, view } from "../src/view.ts";
import type { ViewerSession } from "../src/viewer.ts";

export const crypto = nodeCrypto();
export const random = nodeRandom();
export const ID = "123456789";
const keys = (seed: number): KeyPair => crypto.signKeyPair(new Uint8Array(32).fill(seed));
export const [server, hostKeys, otherKeys] = [keys(1), keys(2), keys(3)];
export const SERVER_KEY = Buffer.from(server.publicKey).toString("base64");

/** A clock that stands still until it is told to go on. */
export class FakeClock implements Clock {
  #now = 0;
  readonly #alarms = new Map<() => void, number>();

  now(): number {
    return this.#now;
  }

  alarm(when: number, callback: () => void): () => void {
    const ring = (): void => callback();
    this.#alarms.set(ring, when);
    return () => this.#alarms.delete(ring);
  }

  /** In steps, with everything that follows from one done before the next. */
  async pass(milliseconds: number, step = 500): Promise<void> {
    for (const end = this.#now + milliseconds; this.#now < end; ) {
      await quiet();
      this.#now += step;
      for (const [ring, when] of [...this.#alarms]) {
        if (when <= this.#now && this.#alarms.delete(ring)) ring();
      }
    }
    await quiet();
  }
}

/** Resolves when nothing is left to be done without a timer. */
export async function quiet(): Promise<void> {
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** The host's end of the relay: says what a test wants, hears what the viewer sends. */
export class FakeHost {
  readonly pipe: Link;
  #secured: Link | undefined;

  constructor(pipe: Link) {
    this.pipe = pipe;
  }

  /** `direct`: met at its address, without a server. */
  async secure(identity: KeyPair = hostKeys, direct = false): Promise<void> {
    await this.pipe.receive(); // RequestRelay, meant for the relay; or the greeting of a direct connection
    const box = crypto.boxKeyPair(random.bytes(32));
    const source = new LinkSource(this.pipe, (data) => ({ type: "received", message: decodeMessage(data) }) as const);
    const outcome = await drive(
      new HostHandshake({ crypto, id: ID, identity, box, direct }),
      { type: "start" },
      {
        source,
        clock: new FakeClock(),
        perform: (effect) => effect.type === "send" && this.pipe.send(encodeMessage(effect.message)),
      },
    );
    assert.ok(outcome.type === "secured");
    this.#secured = sealed(this.pipe, new Sealing(crypto, outcome.key), new Opening(crypto, outcome.key));
  }

  async send(...messages: PeerMessageInit[]): Promise<void> {
    for (const message of messages) await this.#secured?.send(encodeMessage(message));
    await quiet();
  }

  challenge(): Promise<void> {
    return this.send({ case: "hash", value: { salt: "salt", challenge: "challenge" } });
  }

  /** A login error; `mayTrust`: with the offer to remember this device. */
  answer(text: string, mayTrust = false): Promise<void> {
    const union = { case: "error" as const, value: text };
    return this.send({ case: "loginResponse", value: { union, enableTrustedDevices: mayTrust } });
  }

  admit(displays = [{ width: 800, height: 600, name: "a" }]): Promise<void> {
    const value = { hostname: "desk", platform: "Linux", version: "1.4.9", displays };
    return this.send({ case: "loginResponse", value: { union: { case: "peerInfo", value } } });
  }

  farewell(value: string): Promise<void> {
    return this.send({ case: "misc", value: { union: { case: "closeReason", value } } });
  }

  permit(name: Permission, enabled: boolean): Promise<void> {
    const permission = permissionToWire(name) ?? 0;
    return this.send({ case: "misc", value: { union: { case: "permissionInfo", value: { permission, enabled } } } });
  }

  async hear(): Promise<PeerMessage> {
    const bytes = await this.#secured?.receive();
    assert.ok(bytes !== undefined, "the viewer closed");
    return decodeMessage(bytes);
  }

  /** Everything up to the viewer's close. */
  async rest(): Promise<PeerMessage[]> {
    const heard: PeerMessage[] = [];
    for (let bytes = await this.#secured?.receive(); bytes !== undefined; bytes = await this.#secured?.receive()) {
      heard.push(decodeMessage(bytes));
    }
    return heard;
  }
}

export type Answer = (message: ServerMessage, link: Link) => ServerMessageInit | undefined;

/** What the ID server says of the host: comes to the relay, and this is its key. */
export function vouched(key: KeyPair = hostKeys, signer: KeyPair = server, id: string = ID): ServerMessageInit {
  const value = signIdentity(crypto, { id, key: key.publicKey }, signer.secretKey);
  return { case: "relayResponse", value: { uuid: "u", relayServer: "relay:21117", union: { case: "pk", value } } };
}
export const failure = (code: Failure): ServerMessageInit => ({ case: "punchHoleResponse", value: { failure: code } });
export const punched = (value: object): ServerMessageInit => ({ case: "punchHoleResponse", value });

export function remembering(): KnownHosts & { readonly keys: Map<string, Uint8Array> } {
  const known = new Map<string, Uint8Array>();
  return {
    keys: known,
    get: async (serverKey, hostId) => known.get(`${serverKey} ${hostId}`),
    set: async (serverKey, hostId, key) => void known.set(`${serverKey} ${hostId}`, key),
  };
}

export function rememberingSecrets(): DeviceSecrets & { readonly secrets: Map<string, Uint8Array> } {
  const kept = new Map<string, Uint8Array>();
  return {
    secrets: kept,
    get: (serverKey, hostId) => kept.get(`${serverKey} ${hostId}`),
    set: (serverKey, hostId, secret) => void kept.set(`${serverKey} ${hostId}`, secret),
    forget: (serverKey, hostId) => void kept.delete(`${serverKey} ${hostId}`),
  };
}

export interface Visit {
  readonly session: ViewerSession;
  readonly clock: FakeClock;
  readonly knownHosts: ReturnType<typeof remembering>;
  /** What was dialled, in order. */
  readonly dialled: string[];
  /** Phases in order, without repetitions. */
  readonly phases: string[];
  /** The host, once the viewer is at the relay; the next one at the next call. */
  host(): Promise<FakeHost>;
  /** How it ended. */
  end(): Promise<End>;
}

export function visit(
  options: ViewOptions & {
    readonly answer?: Answer;
    readonly knownHosts?: ReturnType<typeof remembering>;
    readonly deviceSecrets?: DeviceSecrets;
    readonly unreachable?: "server" | "relay";
    /** The host can be found again after its first visit; by default the ID server is gone then. */
    readonly again?: boolean;
  } = {},
): Visit {
  const {
    answer = () => vouched(),
    knownHosts = remembering(),
    deviceSecrets,
    unreachable,
    again = false,
    ...rest
  } = options;
  const clock = new FakeClock();
  const dialled: string[] = [];
  const arrivals: FakeHost[] = [];
  const waiting: ((host: FakeHost) => void)[] = [];
  let visits = 0;
  async function serve(link: Link): Promise<void> {
    for (let bytes = await link.receive(); bytes !== undefined; bytes = await link.receive()) {
      const message = answer(decodeServerMessage(bytes), link);
      if (message !== undefined) await link.send(encodeServerMessage(message));
    }
  }
  const ignore = (): void => undefined;
  const session = view(
    { hostId: ID, idServer: "id:21116", relayAddress: (relay) => relay, serverKey: SERVER_KEY },
    { id: "viewer", name: "Ada", platform: "Linux" },
    {
      crypto,
      random,
      clock,
      knownHosts,
      ...(deviceSecrets === undefined ? {} : { deviceSecrets }),
      compression: nodeCompression(),
      video: { codecs: async () => ["vp9"], start: ignore, resize: ignore, decode: ignore, pending: 0, close: ignore },
      async dial(address, { route }) {
        dialled.push(address);
        if (route === unreachable || (visits > 0 && !again)) throw new LinkError("refused", "nobody there");
        const [ours, theirs] = memoryLinks();
        if (route === "relay") {
          visits += 1;
          const host = new FakeHost(theirs);
          const next = waiting.shift();
          if (next === undefined) arrivals.push(host);
          else next(host);
        } else serve(theirs).catch(ignore); // the viewer may break off
        return ours;
      },
    },
    rest,
  );
  const phases: string[] = [];
  const note = (): void => {
    const phase = words(session.state.phase);
    if (phases.at(-1) !== phase) phases.push(phase);
  };
  note();
  session.subscribe(note);
  return {
    session,
    clock,
    knownHosts,
    dialled,
    phases,
    host: async () => arrivals.shift() ?? new Promise((resolve) => waiting.push(resolve)),
    end: () => until(session, (state) => (state.phase.name === "ended" ? state.phase.end : undefined)),
  };
}

function words(phase: Phase): string {
  if (phase.name === "connecting") return phase.step;
  if (phase.name === "second-factor") return `code ${phase.why}${phase.mayTrust ? ", may trust" : ""}`;
  if (phase.name === "password") return `password ${phase.why}`;
  return phase.name === "ended" ? phase.end.code : phase.name;
}

function until<Found>(session: ViewerSession, find: (state: ViewerState) => Found | undefined): Promise<Found> {
  return new Promise((resolve) => {
    const look = (): void => {
      const found = find(session.state);
      if (found !== undefined) resolve(found);
    };
    session.subscribe(look);
    look();
  });
}

/** A visit with the handshake behind it. */
export async function secured(options: Parameters<typeof visit>[0] = {}): Promise<Visit & { readonly far: FakeHost }> {
  const started = visit(options);
  const far = await started.host();
  await far.secure();
  await quiet();
  return { ...started, far };
}

export async function connected(
  options: Parameters<typeof visit>[0] = {},
): Promise<Visit & { readonly far: FakeHost }> {
  const started = await secured({ password: "k7m3xz", ...options });
  await started.far.challenge();
  await started.far.hear();
  await started.far.admit();
  assert.equal(started.session.state.phase.name, "connected");
  return started;
}
