import assert from "node:assert/strict";
import { drive, type Link, LinkSource, sealed } from "@pulpit/link";
import {
  Extension,
  Opening,
  passwordHash,
  passwordProof,
  type Scope,
  Sealing,
  ViewerHandshake,
} from "@pulpit/protocol";
import { decodeMessage, encodeMessage, type LoginRequest, type PeerMessage, type PeerMessageInit } from "@pulpit/wire";
import type { Guest } from "../src/guests.ts";
import type { VisitEnd } from "../src/session.ts";
import { crypto, ID, random, type World } from "./world.ts";

/** How a viewer of ours begins at an address. */
export const GREETING: Uint8Array = encodeMessage({
  case: "publicKey",
  value: { extensions: [Extension.directEncrypted] },
});

/** A login request as it goes out. */
export type LoginFields = Extract<PeerMessageInit, { case: "loginRequest" }>["value"];

/** A login request as it arrives. */
export function loginRequest(fields: LoginFields = {}): LoginRequest {
  const value = { username: ID, myId: "v", myName: "Eve", version: "1.4.9", ...fields };
  const message = decodeMessage(encodeMessage({ case: "loginRequest", value }));
  assert.ok(message.case === "loginRequest");
  return message.value;
}

/** What belongs to each kind of session in a login request. */
export const KINDS: Readonly<Record<Scope, LoginFields>> = {
  desktop: {},
  files: { union: { case: "fileTransfer", value: { dir: "/" } } },
  camera: { union: { case: "viewCamera", value: {} } },
  terminal: { union: { case: "terminal", value: {} } },
  tunnel: { union: { case: "portForward", value: { host: "localhost", port: 22 } } },
};

/** A visitor behind the handshake that says whatever it likes. */
export class Visitor {
  readonly #link: Link;
  readonly end: Promise<VisitEnd>;
  readonly heard: PeerMessage[] = [];
  #salt = "";

  static async of(world: World, call: Partial<Guest> = {}): Promise<Visitor> {
    const { pipe, end } = world.knock(call);
    if (call.direct !== undefined) await pipe.send(GREETING);
    const options = { crypto, hostId: ID, hostKey: world.identity.publicKey };
    const keys = { box: crypto.boxKeyPair(random.bytes(32)), sessionKey: random.bytes(32) };
    const source = new LinkSource(pipe, (bytes) => ({ type: "received", message: decodeMessage(bytes) }) as const);
    const outcome = await drive(
      new ViewerHandshake({ ...options, ...keys }),
      { type: "start" },
      {
        source,
        clock: world.clock,
        perform: (effect) => effect.type === "send" && pipe.send(encodeMessage(effect.message)),
      },
    );
    assert.ok(outcome.type === "secured");
    return new Visitor(sealed(pipe, new Sealing(crypto, outcome.key), new Opening(crypto, outcome.key)), end);
  }

  constructor(link: Link, end: Promise<VisitEnd>) {
    this.#link = link;
    this.end = end;
    // Whoever cares awaits it.
    end.catch(() => undefined);
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

  async challenge(): Promise<string> {
    const { challenge, salt } = (await this.until("hash")).value;
    this.#salt = salt;
    return challenge;
  }

  proof(password: string, challenge: string): Uint8Array {
    return passwordProof(crypto, passwordHash(crypto, password, this.#salt), challenge);
  }

  /** Asks to be let in; an empty password is no proof. */
  async ask(password: string, challenge: string, fields: LoginFields = {}): Promise<void> {
    const proof = password === "" ? new Uint8Array(0) : this.proof(password, challenge);
    const value = { username: ID, password: proof, myId: "v", myName: "Eve", sessionId: 9n, version: "1.4.9" };
    await this.send({ case: "loginRequest", value: { ...value, ...fields } });
  }

  /** What the host says to a login or a code; "" when it got in. */
  async answer(): Promise<string> {
    const { union } = (await this.until("loginResponse")).value;
    return union.case === "error" ? union.value : "";
  }

  /** Answers the challenge; "" when it got in, the host's words otherwise. */
  async login(password: string, challenge: string, fields: LoginFields = {}): Promise<string> {
    await this.ask(password, challenge, fields);
    return this.answer();
  }

  /** Everything the host says until it hangs up. */
  async rest(): Promise<readonly PeerMessage[]> {
    const all: PeerMessage[] = [];
    for (let bytes = await this.#link.receive(); bytes !== undefined; bytes = await this.#link.receive()) {
      all.push(decodeMessage(bytes));
    }
    return all;
  }

  /** Says goodbye, as viewers do. */
  async leave(): Promise<void> {
    await this.send({ case: "misc", value: { union: { case: "closeReason", value: "" } } });
    await this.end;
  }

  /** The pipe breaks without a word. */
  break(): Promise<void> {
    return this.#link.close(new Error("cable cut"));
  }
}
