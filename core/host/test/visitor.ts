import assert from "node:assert/strict";
import { nodeCompression, nodeCrypto, nodeRandom } from "@pulpit/crypto-node";
import { drive, type Link, LinkSource, memoryLinks, sealed } from "@pulpit/link";
import { nodeClock } from "@pulpit/link-node";
import {
  Attempts,
  type MessageKey,
  messageKey,
  Opening,
  PERMISSIONS,
  type Permission,
  passwordHash,
  passwordProof,
  Sealing,
  ViewerHandshake,
} from "@pulpit/protocol";
import { decodeMessage, encodeMessage, type PeerMessage, type PeerMessageInit } from "@pulpit/wire";
import { OneTimePassword } from "../src/one-time-password.ts";
import { Passwords } from "../src/passwords.ts";
import type { Desktop } from "../src/ports/desktop.ts";
import { RecentSessions } from "../src/recent-sessions.ts";
import { type HostShared, serve, type VisitEnd } from "../src/session.ts";

const crypto = nodeCrypto();
const random = nodeRandom();
const clock = nodeClock();
const signal = AbortSignal.timeout(60_000);
export const ID = "123456789";
const identity = crypto.signKeyPair(random.bytes(32));

/** A desktop that writes down whatever is done to it. */
function recordingDesktop(): Desktop & { readonly done: string[] } {
  const done: string[] = [];
  const none = async (): Promise<void> => undefined;
  const display = { x: 0, y: 0, width: 640, height: 480, name: "a", primary: true };
  return {
    done,
    platform: "Linux",
    hostname: "desk",
    username: "ada",
    displays: () => [display],
    onDisplaysChanged: () => () => undefined,
    video: {
      codecs: ["vp9"],
      async open() {
        done.push("video");
        const ignore = (): void => undefined;
        const stream = { allow: ignore, requestKey: ignore, setBitrate: ignore, setFrameRate: ignore, hurry: ignore };
        return { width: 640, height: 480, ...stream, [Symbol.asyncDispose]: none };
      },
    },
    input: {
      movePointer: (x, y) => void done.push(`move ${x},${y}`),
      movePointerBy: (x, y) => void done.push(`by ${x},${y}`),
      button: (button, down) => void done.push(`${button} ${down}`),
      wheel: (x, y) => void done.push(`wheel ${x},${y}`),
      key: (position, down) => void done.push(`key ${position} ${down}`),
      lockedKey: (position) => void done.push(`key ${position} true`),
      character: (character, down) => void done.push(`${character} ${down}`),
      type: (text) => void done.push(text),
      settled: none,
      [Symbol.asyncDispose]: none,
    },
    [Symbol.asyncDispose]: none,
  };
}

export interface World {
  readonly shared: HostShared;
  readonly done: string[];
  readonly joined: string[];
  /** A visitor on the plain pipe, and what the host says of the visit in the end. */
  knock(): { readonly pipe: Link; readonly end: Promise<VisitEnd> };
}

export function host(granted: readonly Permission[] = PERMISSIONS, allowPlaintext = false): World {
  const desktop = recordingDesktop();
  const oneTime = new OneTimePassword(random, 6);
  const recent = new RecentSessions();
  const unreachable = (): never => assert.fail("a visit opens nothing");
  const joined: string[] = [];
  const shared: HostShared = {
    world: { crypto, random, clock, compression: nodeCompression(), dial: unreachable, openDatagrams: unreachable },
    options: {
      id: ID,
      identity,
      uuid: random.bytes(16),
      salt: "salt",
      passwordLength: 6,
      granted: new Set(granted),
      allowPlaintext,
      idServer: { host: "id.example", port: 21116 },
      serverKey: "",
    },
    desktop,
    attempts: new Attempts(),
    oneTime,
    passwords: new Passwords({ crypto, salt: "salt", oneTime, recent }),
    recent,
    joined: (viewer) => joined.push(viewer.name),
  };
  return {
    shared,
    joined,
    done: desktop.done,
    knock() {
      const [pipe, ours] = memoryLinks();
      return { pipe, end: serve(ours, "192.0.2.1", shared, signal) };
    },
  };
}

/** A visitor behind the handshake that says whatever it likes. */
export class Visitor {
  readonly #link: Link;
  readonly end: Promise<VisitEnd>;
  readonly heard: PeerMessage[] = [];

  static async of(world: World): Promise<Visitor> {
    const { pipe, end } = world.knock();
    const options = { crypto, hostId: ID, hostKey: identity.publicKey };
    const keys = { box: crypto.boxKeyPair(random.bytes(32)), sessionKey: random.bytes(32) };
    const source = new LinkSource(pipe, (bytes) => ({ type: "received", message: decodeMessage(bytes) }) as const);
    const outcome = await drive(
      new ViewerHandshake({ ...options, ...keys }),
      { type: "start" },
      { source, clock, perform: (effect) => effect.type === "send" && pipe.send(encodeMessage(effect.message)) },
    );
    assert.ok(outcome.type === "secured");
    return new Visitor(sealed(pipe, new Sealing(crypto, outcome.key), new Opening(crypto, outcome.key)), end);
  }

  constructor(link: Link, end: Promise<VisitEnd>) {
    this.#link = link;
    this.end = end;
  }

  send(...messages: PeerMessageInit[]): Promise<unknown> {
    return Promise.all(messages.map((message) => this.#link.send(encodeMessage(message))));
  }

  /** The next message of this kind; probes of the host are not answered. */
  async until<Case extends PeerMessage["case"]>(kind: Case): Promise<PeerMessage & { case: Case }> {
    for (let bytes = await this.#link.receive(); bytes !== undefined; bytes = await this.#link.receive()) {
      const message = decodeMessage(bytes);
      this.heard.push(message);
      if (message.case === kind) return message as PeerMessage & { case: Case };
    }
    assert.fail(`the host closed; waiting for ${kind}`);
  }

  /** Everything sent so far has been looked at by the host once its answer to this is here. */
  async lookedAt(): Promise<void> {
    await this.send({ case: "testDelay", value: { fromClient: true, time: 7n } });
    for (let echo = await this.until("testDelay"); !echo.value.fromClient; ) echo = await this.until("testDelay");
  }

  /** Answers the challenge; "" when it got in, the host's words otherwise. */
  async login(password: string, challenge: string): Promise<string> {
    const proof = passwordProof(crypto, passwordHash(crypto, password, "salt"), challenge);
    const value = { username: ID, password: proof, myId: "v", myName: "Eve", sessionId: 9n, version: "1.4.9" };
    await this.send({ case: "loginRequest", value });
    const { union } = (await this.until("loginResponse")).value;
    return union.case === "error" ? union.value : "";
  }

  async challenge(): Promise<string> {
    return (await this.until("hash")).value.challenge;
  }

  /** The pipe breaks without a word. */
  break(): Promise<void> {
    return this.#link.close(new Error("cable cut"));
  }
}

/** Some message of this kind, whatever its contents. */
export function anyOf(key: MessageKey): PeerMessageInit {
  const [outer, inner] = key.split(".") as [string, string | undefined];
  for (const value of [{}, true, 1, "x", new Uint8Array(1)]) {
    const init = { case: outer, value: inner === undefined ? value : { union: { case: inner, value } } };
    try {
      const message = init as PeerMessageInit;
      if (messageKey(decodeMessage(encodeMessage(message))) === key) return message;
    } catch {
      // Not the kind of value this member has.
    }
  }
  assert.fail(`no message for ${key}`);
}
