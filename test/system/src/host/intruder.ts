import { nodeCrypto, nodeRandom } from "@pulpit/crypto-node";
import { drive, type Link, LinkError, LinkSource, sealed } from "@pulpit/link";
import { dial, nodeClock } from "@pulpit/link-node";
import {
  Introduction,
  joinRelay,
  Opening,
  openIdentity,
  passwordHash,
  passwordProof,
  Sealing,
  ViewerHandshake,
} from "@pulpit/protocol";
import {
  decodeMessage,
  decodeServerMessage,
  encodeMessage,
  encodeServerMessage,
  type Hash,
  type PeerMessage,
  type PeerMessageInit,
} from "@pulpit/wire";
import type { Servers } from "../world.ts";

const crypto = nodeCrypto();
const random = nodeRandom();
const clock = nodeClock();
/** Longer than anything here takes, ms. */
const PATIENCE = 30_000;

type LoginFields = Extract<PeerMessageInit, { case: "loginRequest" }>["value"];

/** A pipe to the host behind real servers, before the handshake, and the frames that went out on it. */
export interface Knock {
  readonly link: Link;
  readonly hostKey: Uint8Array;
  readonly sent: Uint8Array[];
}

/** From the ID to the relay, as every viewer goes. Rejects when the ID server or the host wants none of it. */
export async function knock(
  servers: Servers,
  hostId: string,
  signal: AbortSignal = AbortSignal.timeout(PATIENCE),
): Promise<Knock> {
  const base = servers.url.replace("http", "ws");
  const idServer = await dial(`${base}/ws/id`, { route: "server", signal });
  const source = new LinkSource(
    idServer,
    (bytes) => ({ type: "received", message: decodeServerMessage(bytes) }) as const,
  );
  const outcome = await drive(
    new Introduction({ hostId, licenceKey: servers.key.publicText, version: "1.4.9" }),
    { type: "start" },
    {
      source,
      clock,
      signal,
      perform: (effect) => {
        if (effect.type === "send") void idServer.send(encodeServerMessage(effect.message)).catch(() => undefined);
      },
    },
  );
  void idServer.close();
  if (outcome.type !== "relay") throw new Error(`the ID server said ${outcome.type}`);
  const identity = openIdentity(crypto, outcome.signedKey, servers.key.publicKey);
  if (identity === undefined) throw new Error("nobody vouches for the host");
  const link = await dial(`${base}/ws/relay`, { route: "relay", signal });
  const { uuid, ticket } = outcome;
  await link.send(encodeServerMessage(joinRelay({ uuid, ticket, licenceKey: servers.key.publicText, hostId })));
  const sent: Uint8Array[] = [];
  return { link: recorded(link, sent), hostKey: identity.key, sent };
}

function recorded(link: Link, sent: Uint8Array[]): Link {
  return {
    path: link.path,
    get queuedBytes() {
      return link.queuedBytes;
    },
    receive: () => link.receive(),
    send(message) {
      sent.push(message.slice());
      return link.send(message);
    },
    limit: (bytes) => link.limit(bytes),
    detach: () => link.detach(),
    close: (reason) => link.close(reason),
  };
}

/** Somebody behind the handshake who says whatever they like. */
export class Intruder {
  readonly knock: Knock;
  readonly heard: PeerMessage[] = [];
  readonly #link: Link;
  readonly #id: string;

  static async at(servers: Servers, hostId: string, signal?: AbortSignal): Promise<Intruder> {
    return Intruder.behind(await knock(servers, hostId, signal), hostId, signal);
  }

  static async behind(
    pipe: Knock,
    hostId: string,
    signal: AbortSignal = AbortSignal.timeout(PATIENCE),
  ): Promise<Intruder> {
    const { link, hostKey } = pipe;
    const keys = { box: crypto.boxKeyPair(random.bytes(32)), sessionKey: random.bytes(32) };
    const close = (): void => void link.close(new Error("given up"));
    signal.addEventListener("abort", close, { once: true });
    const outcome = await drive(
      new ViewerHandshake({ crypto, hostId, hostKey, ...keys }),
      { type: "start" },
      {
        source: new LinkSource(link, (bytes) => ({ type: "received", message: decodeMessage(bytes) }) as const),
        clock,
        signal,
        perform: (effect) => {
          if (effect.type === "send") void link.send(encodeMessage(effect.message)).catch(() => undefined);
        },
      },
    );
    signal.removeEventListener("abort", close);
    if (outcome.type !== "secured") throw new Error(`the handshake ended with ${outcome.type}`);
    const { key } = outcome;
    return new Intruder(pipe, sealed(link, new Sealing(crypto, key), new Opening(crypto, key)), hostId);
  }

  constructor(pipe: Knock, link: Link, hostId: string) {
    this.knock = pipe;
    this.#link = link;
    this.#id = hostId;
  }

  send(...messages: readonly PeerMessageInit[]): Promise<unknown> {
    return Promise.all(messages.map((message) => this.#link.send(encodeMessage(message))));
  }

  /** The next message of one of these kinds; undefined when the host hangs up instead. */
  async next<Case extends PeerMessage["case"]>(
    ...kinds: readonly Case[]
  ): Promise<(PeerMessage & { case: Case }) | undefined> {
    const late = setTimeout(() => void this.#link.close(new Error(`waited in vain for ${kinds}`)), PATIENCE);
    try {
      for (let bytes = await this.#link.receive(); bytes !== undefined; bytes = await this.#link.receive()) {
        const message = decodeMessage(bytes);
        this.heard.push(message);
        if (kinds.includes(message.case as Case)) return message as PeerMessage & { case: Case };
      }
    } catch (error) {
      if (!(error instanceof LinkError)) throw error;
    } finally {
      clearTimeout(late);
    }
    return undefined;
  }

  async hash(): Promise<Hash> {
    const message = await this.next("hash");
    if (message === undefined) throw new Error(`no challenge: ${this.text()}`);
    return message.value;
  }

  /** What the host said to a login or a code: its words, "in", or "gone" when it hung up. */
  async answer(): Promise<string> {
    const message = await this.next("loginResponse");
    if (message === undefined) return "gone";
    const { union } = message.value;
    return union.case === "error" ? union.value : "in";
  }

  proof(password: string, { salt, challenge }: Hash): Uint8Array {
    return passwordProof(crypto, passwordHash(crypto, password, salt), challenge);
  }

  request(password: Uint8Array, fields: LoginFields = {}): PeerMessageInit {
    const value = { username: this.#id, password, myId: "eve", myName: "Eve", myPlatform: "Linux", version: "1.4.9" };
    return { case: "loginRequest", value: { ...value, ...fields } };
  }

  /** The host's words to a login with this password, "in" or "gone"; also of a host that gives no challenge. */
  async login(password: string, fields: LoginFields = {}): Promise<string> {
    const first = await this.next("hash", "loginResponse");
    if (first?.case !== "hash") return first === undefined ? "gone" : this.text();
    await this.send(this.request(this.proof(password, first.value), fields));
    return this.answer();
  }

  /** Asks without waiting for the answer; an empty password is no proof. */
  async ask(password: string, fields: LoginFields = {}): Promise<void> {
    const hash = await this.hash();
    await this.send(this.request(password === "" ? new Uint8Array(0) : this.proof(password, hash), fields));
  }

  /** Everything sent so far has been looked at by the host once its echo of this is here. */
  async lookedAt(): Promise<void> {
    await this.send({ case: "testDelay", value: { fromClient: true, time: 7n } });
    for (;;) {
      const echo = await this.next("testDelay");
      if (echo === undefined || echo.value.fromClient) return;
    }
  }

  /** Reads until the host hangs up. */
  async gone(): Promise<void> {
    await this.next();
  }

  /** What the host said that a person would see. */
  text(): string {
    return this.heard
      .flatMap((message): readonly string[] => {
        if (message.case === "loginResponse" && message.value.union.case === "error")
          return [message.value.union.value];
        if (message.case === "misc" && message.value.union.case === "closeReason") return [message.value.union.value];
        return [];
      })
      .join("; ");
  }

  leave(): Promise<void> {
    return this.#link.close();
  }

  /** The pipe is torn away. */
  break(): Promise<void> {
    return this.#link.close(new Error("cable cut"));
  }
}
