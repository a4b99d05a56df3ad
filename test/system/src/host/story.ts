import assert from "node:assert/strict";
import { nodeCrypto } from "@pulpit/crypto-node";
import { type HostPolicy, type HostSecretStore, Reception } from "@pulpit/host";
import { HostLogin, HostSession, type HostSessionEffect, passwordHash, passwordProof } from "@pulpit/protocol";
import { decodeMessage, encodeMessage, type PeerMessageInit } from "@pulpit/wire";
import { POLICY, secretsInMemory } from "../world.ts";
import { type Act, ADDRESSES, type House, PLACES, SALVO } from "./acts.ts";
import { codeOf, wrongCode } from "./authenticator.ts";

const ID = "123456789";
const PASSWORD = "t-K8v!pW3n_z";
const SECRET = new Uint8Array(20).fill(3);
const CODE_STEP = 30_000;
/** What strangers together may get wrong at once, and how soon one more, ms (core/protocol/src/login). */
const BURST = 30;
const REFILL = 20_000;

const crypto = nodeCrypto();

interface Connection {
  readonly session: HostSession;
  readonly login: HostLogin;
  readonly address: string;
  readonly salt: string;
  readonly challenge: string;
  question: string | undefined;
  withdraw: () => void;
  /** What it has shown so far that was right when it was shown. */
  readonly proved: Set<string>;
  coded: boolean;
  clicked: boolean;
}

/** The real reception and login with a clock that stands still, and beside them what everybody has truly shown. */
export class Story {
  /** How often somebody got in. */
  admitted = 0;
  readonly #factor: boolean;
  readonly #secrets: HostSecretStore = secretsInMemory();
  readonly #places: (Connection | undefined)[] = [];
  readonly #recovery: string[] = [];
  #policy: HostPolicy;
  #reception: Reception;
  #time = Date.UTC(2026, 0, 1);
  readonly #began = this.#time;
  #numbers = 0;
  #misses = 0;
  /** The owner's own proof, and what it was an answer to. */
  #overheard: { readonly proof: Uint8Array; readonly challenge: string } = { proof: new Uint8Array(32), challenge: "" };
  #former = "formerly";
  #usedCode = "";
  /** Steps of the codes that were taken. */
  readonly #steps = new Set<number>();

  constructor({ factor, policy }: House) {
    this.#factor = factor;
    this.#policy = { ...POLICY, ...policy };
    this.#reception = this.#opened();
    this.#reception.credentials.setPermanent(PASSWORD);
    if (!factor) return;
    const past = this.#time - 10 * CODE_STEP;
    const codes = this.#reception.credentials.enrol(SECRET, codeOf(SECRET, past), past);
    assert.ok(codes !== undefined);
    this.#recovery.push(...codes);
  }

  #opened(): Reception {
    const before = this.#reception as Reception | undefined;
    return new Reception({
      crypto,
      // Different each time, and the same in each run of one story.
      random: {
        bytes: (length) => Uint8Array.from({ length }, () => this.#number() & 255),
      },
      clock: { now: () => this.#time, alarm: () => () => undefined },
      wall: () => this.#time,
      policy: () => this.#policy,
      secrets: this.#secrets,
      salt: "salt-of-the-story",
      // As they come back from the disk.
      ...(before === undefined ? {} : { counters: JSON.parse(JSON.stringify(before.counters)) }),
      ...{
        onEvent: () => undefined,
        onChanged: () => undefined,
        onCounted: () => undefined,
        onFault: (error) => assert.fail(String(error)),
      },
    });
  }

  #number(): number {
    this.#numbers = (this.#numbers * 73 + 41) % 65_521;
    return this.#numbers;
  }

  act(act: Act): void {
    switch (act.type) {
      case "knock":
        this.#hangUp(act.at);
        this.#knock(act.at, ADDRESSES[act.address] as string);
        break;
      case "hang-up":
        this.#hangUp(act.at);
        break;
      case "wait":
        this.#time += act.ms;
        break;
      case "decide":
        this.#policy = { ...this.#policy, ...act.policy };
        break;
      case "restart":
        for (let place = 0; place < PLACES; place++) this.#hangUp(place);
        this.#former = this.#reception.oneTime.value;
        this.#reception = this.#opened();
        break;
      default: {
        if (this.#places[act.at] === undefined) this.#knock(act.at, ADDRESSES[act.at] as string);
        const connection = this.#places[act.at];
        if (connection !== undefined) this.#on(connection, act, act.at);
      }
    }
  }

  #on(connection: Connection, act: Act & { readonly at: number }, place: number): void {
    if (act.type === "login") this.#login(connection, act.proof, place);
    if (act.type === "code") this.#code(connection, act.code, place);
    if (act.type === "message") this.#say(connection, SALVO[act.number] as PeerMessageInit, place);
    if (act.type === "person" && connection.question !== undefined) {
      const { question } = connection;
      connection.question = undefined;
      connection.clicked = act.accept;
      this.#reception.consent.answer(question, act.accept);
    }
  }

  #knock(place: number, address: string): void {
    const { salt } = this.#reception.credentials;
    const challenge = `challenge-${this.#time}-${this.#number()}`;
    const possible = new Set(["keyboard" as const, "recording" as const]);
    const matched = (): void => undefined;
    const house = this.#reception.house({
      ...{ challenge, salt, address, possible, matched, encrypted: true },
      now: () => this.#time,
    });
    const login = new HostLogin(ID, address, house);
    const session = new HostSession({ login, salt, challenge, granted: new Set() });
    const nothing = {
      question: undefined,
      withdraw: () => undefined,
      proved: new Set<string>(),
      coded: false,
      clicked: false,
    };
    const connection: Connection = { session, login, address, salt, challenge, ...nothing };
    this.#places[place] = connection;
    this.#took(connection, session.handle({ type: "start" }, this.#time), place);
  }

  #hangUp(place: number): void {
    const connection = this.#places[place];
    this.#places[place] = undefined;
    connection?.login.gone();
    connection?.withdraw();
  }

  #say(connection: Connection, init: PeerMessageInit, place: number): void {
    this.#took(connection, this.#heard(connection, init), place);
  }

  #heard({ session }: Connection, init: PeerMessageInit): readonly HostSessionEffect[] {
    return session.handle({ type: "received", message: decodeMessage(encodeMessage(init)) }, this.#time);
  }

  #login(connection: Connection, kind: (Act & { type: "login" })["proof"], place: number): void {
    const { oneTime, credentials } = this.#reception;
    const proofOf = (password: string): Uint8Array =>
      passwordProof(crypto, passwordHash(crypto, password, connection.salt), connection.challenge);
    const proof = {
      permanent: () => proofOf(PASSWORD),
      "one-time": () => proofOf(oneTime.value),
      former: () => proofOf(this.#former),
      // On the connection it was made for it is the owner's own.
      overheard: () =>
        this.#overheard.proof.map((byte) => (this.#overheard.challenge === connection.challenge ? 0 : byte)),
      wrong: () => new Uint8Array(32).fill(1),
      none: () => new Uint8Array(0),
    }[kind]();
    const holds = {
      permanent: this.#policy.permanent && connection.salt === credentials.salt,
      "one-time": this.#policy.oneTime,
    };
    if ((kind === "permanent" || kind === "one-time") && holds[kind]) connection.proved.add(kind);
    if (kind === "permanent") this.#overheard = { proof, challenge: connection.challenge };
    const value = { username: ID, password: proof, myId: "v", myName: "Eve", version: "1.4.9" };
    this.#say(connection, { case: "loginRequest", value }, place);
  }

  #code(connection: Connection, kind: (Act & { type: "code" })["code"], place: number): void {
    const code = {
      right: codeOf(SECRET, this.#time),
      used: this.#usedCode,
      wrong: wrongCode(SECRET, this.#time),
      recovery: this.#recovery[0] ?? "",
    }[kind];
    const effects = this.#heard(connection, { case: "auth2fa", value: { code } });
    // Whoever is not waited for gets no answer; every other answer than "missed" is a yes.
    if (effects.length > 0 && effects.every(({ type }) => type !== "missed")) {
      assert.ok(
        connection.proved.size > 0 || connection.clicked,
        "a code was taken from somebody who had shown nothing",
      );
      this.#accept(code);
      connection.coded = true;
    }
    const left = this.#reception.credentials.secondFactor.recoveryCodes;
    assert.equal(left, this.#recovery.length, "a code was used up and let nobody in");
    this.#took(connection, effects, place);
  }

  /** A code that counted has to be of a step near now that none was of before, or a recovery code nobody has used. */
  #accept(code: string): void {
    const now = Math.floor(this.#time / CODE_STEP);
    const step = [now - 1, now, now + 1].find((near) => codeOf(SECRET, near * CODE_STEP) === code);
    const isRecovery = this.#recovery.includes(code);
    assert.ok(isRecovery || (step !== undefined && !this.#steps.has(step)), "a code that does not hold, or not again");
    if (isRecovery) this.#recovery.splice(this.#recovery.indexOf(code), 1);
    else if (step !== undefined) this.#steps.add(step);
    this.#usedCode = code;
  }

  #took(connection: Connection, effects: readonly HostSessionEffect[], place: number): void {
    for (const effect of effects) {
      assert.notEqual(effect.type, "deliver", "a message got through before the login");
      if (effect.type === "missed" && effect.what === "password") this.#missed(connection);
      if (effect.type === "withdraw") {
        connection.withdraw();
        connection.question = undefined;
      }
      if (effect.type === "ask") this.#ask(connection, effect.passwordGiven, place);
      if (effect.type === "admit") {
        this.#admitted(connection, effect);
        // Only the way in is looked at here.
        this.#hangUp(place);
      }
      if (effect.type === "finish") this.#hangUp(place);
    }
  }

  #ask(connection: Connection, passwordGiven: boolean, place: number): void {
    assert.equal(connection.question, undefined, "two questions of one connection");
    assert.ok(!passwordGiven || connection.proved.size > 0);
    connection.clicked = false;
    const viewer = { id: "v", name: "Eve", platform: "", address: connection.address };
    const { consent } = this.#reception;
    const before = new Set(consent.open.map(({ key }) => key));
    connection.withdraw = consent.ask({ viewer, scope: "desktop", passwordGiven, encrypted: true }, (answer) => {
      connection.question = undefined;
      this.#took(connection, connection.session.handle({ type: "answered", answer }, this.#time), place);
    });
    connection.question = consent.open.find(({ key }) => !before.has(key))?.key;
  }

  #missed({ address }: Connection): void {
    if (!this.#reception.knows(address)) this.#misses += 1;
    assert.ok(this.#misses <= BURST + (this.#time - this.#began) / REFILL, "strangers guess too often");
  }

  #admitted(connection: Connection, { by, secondFactor }: HostSessionEffect & { type: "admit" }): void {
    this.admitted += 1;
    const { approval, clickNeedsCode } = this.#policy;
    if (by === "click") assert.ok(connection.clicked, "in without a click");
    else {
      assert.ok(connection.proved.has(by), "in without a password");
      if (approval === "both" && !connection.clicked) assert.fail("in without the click that was wanted as well");
    }
    const wanted = this.#factor && (by !== "click" || clickNeedsCode);
    if (wanted) assert.ok(connection.coded, "in without a code");
    assert.ok(!wanted || secondFactor !== "none", "the journal would say that no code was given");
  }
}
