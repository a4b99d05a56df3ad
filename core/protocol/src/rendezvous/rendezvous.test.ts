import assert from "node:assert/strict";
import { test } from "node:test";
import {
  PunchHoleResponse_Failure as Failure,
  RegisterPkResponse_Result as Result,
  type ServerMessage,
  type ServerMessageInit,
} from "@pulpit/wire";
import fc from "fast-check";
import { bytes, crypto, HOST, hostKeys, ID, IdServer, KEY, serverKeys, VIEWER, wire } from "../../test/id-server.ts";
import { openIdentity } from "../crypto/identity.ts";
import type { Sender } from "./broker.ts";
import type { BrokerEffect } from "./broker-effects.ts";
import type { DeviceRecord, Endpoint } from "./device.ts";
import { Introduction, type IntroductionOutcome } from "./introduction.ts";
import { meet } from "./invitation.ts";
import { Registration, type RegistrationEffect } from "./registration.ts";

const UUID = "0b7e0c1e-0000-4000-8000-000000000000";

/** How a path treats a datagram: the delays after which copies of it arrive, ms; none when it is lost. */
type Fate = () => readonly number[];

/** One host, one ID server and a viewer, and the datagrams between host and server, in simulated time. */
class World {
  now = 0;
  readonly server = new IdServer();
  readonly seen: RegistrationEffect[] = [];
  readonly toViewer: ServerMessage[] = [];
  fate: Fate;
  host: Registration;
  #queue: { at: number; run: () => void }[] = [];

  constructor(fate: Fate, uuid: Uint8Array = bytes(9, 16)) {
    this.fate = fate;
    this.host = new Registration({ id: ID, uuid, publicKey: hostKeys.publicKey });
  }

  start(): void {
    this.#fromHost(this.host.handle({ type: "start" }, this.now));
  }

  runUntil(end: number): void {
    for (;;) {
      const next = this.#queue.sort((a, b) => a.at - b.at)[0];
      const at = Math.min(next?.at ?? Number.POSITIVE_INFINITY, this.host.deadline ?? Number.POSITIVE_INFINITY);
      if (at > end) break;
      this.now = Math.max(this.now, at);
      if (next !== undefined && next.at <= at) {
        this.#queue.shift();
        next.run();
      } else this.#fromHost(this.host.handle({ type: "timeout" }, this.now));
    }
    this.now = end;
  }

  toServer(message: ServerMessageInit, from: Sender | Endpoint): void {
    this.#fromServer(this.server.handle(message, from, this.now));
  }

  #later(run: () => void): void {
    for (const delay of this.fate()) this.#queue.push({ at: this.now + delay, run });
  }

  #fromHost(effects: readonly RegistrationEffect[]): void {
    for (const effect of effects) {
      if (effect.type === "send") this.#later(() => this.toServer(effect.message, HOST));
      else this.seen.push(effect);
      if (effect.type !== "invited") continue;
      const idServer = { host: "id.example", port: 21116 };
      const facts = { id: ID, version: "1.4.9", idServer, relayServer: undefined, givesTickets: false };
      const { reply } = meet(effect.invitation, facts, UUID);
      // The host's answer comes on a stream of its own: nothing is lost there.
      this.toServer(reply, { type: "stream", connection: 2, endpoint: { ...HOST, port: 50_001 } });
    }
  }

  #fromServer(effects: readonly BrokerEffect[]): void {
    for (const effect of effects) {
      if (effect.type === "send" && effect.connection === 1) this.toViewer.push(wire(effect.message));
      if (effect.type !== "sendDatagram") continue;
      this.#later(() =>
        this.#fromHost(this.host.handle({ type: "received", message: wire(effect.message) }, this.now)),
      );
    }
  }

  /** A viewer's whole conversation; what it ends with. */
  introduce(licenceKey = KEY, hostId = ID): IntroductionOutcome {
    const viewer = new Introduction({ hostId, licenceKey, version: "1.4.9" });
    const from: Sender = { type: "stream", connection: 1, endpoint: VIEWER };
    let effects = viewer.handle({ type: "start" }, this.now);
    for (;;) {
      for (const effect of effects) {
        if (effect.type === "finish") return effect.outcome;
        this.toServer(effect.message, from);
      }
      while (this.toViewer.length === 0 && this.now < (viewer.deadline ?? 0)) this.runUntil(this.now + 50);
      const message = this.toViewer.shift();
      effects = viewer.handle(message === undefined ? { type: "timeout" } : { type: "received", message }, this.now);
    }
  }
}

const perfect: Fate = () => [20];

/** A path that loses, doubles, delays and reorders, the same way each time for one seed. */
function bad(seed: number, loss: number): Fate {
  let state = seed >>> 0;
  const chance = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return () => {
    if (chance() < loss) return [];
    const copies = chance() < 0.2 ? 2 : 1;
    return Array.from({ length: copies }, () => 5 + Math.floor(chance() * 2500));
  };
}

test("a host shows its key once, is online, and stays so by a beat every 15 s", () => {
  const world = new World(perfect);
  world.start();
  world.runUntil(200);
  assert.deepEqual(world.seen, [{ type: "registered" }]);
  assert.deepEqual(world.server.stored.get(ID)?.publicKey, hostKeys.publicKey);
  let datagrams = 0;
  world.fate = () => {
    datagrams += 1;
    return [20];
  };
  world.runUntil(600_000);
  assert.deepEqual(world.seen, [{ type: "registered" }]);
  assert.ok(datagrams >= 78 && datagrams <= 82, `${datagrams} datagrams in ten minutes, both ways`);
});

test("whatever the path does, a host is registered soon after it gets better, and can be met", () => {
  fc.assert(
    fc.property(fc.integer(), fc.double({ min: 0, max: 0.95, noNaN: true }), (seed, loss) => {
      const world = new World(bad(seed, loss));
      world.start();
      world.runUntil(120_000);
      world.fate = perfect;
      world.runUntil(150_000);
      assert.equal(world.seen.filter(({ type }) => type !== "offline").at(-1)?.type, "registered");
      const outcome = world.introduce();
      assert.ok(outcome.type === "relay");
      assert.equal(outcome.uuid, UUID);
      assert.equal(outcome.relayServer, "relay.example:21117");
      const vouched = openIdentity(crypto, outcome.signedKey, serverKeys.publicKey);
      assert.deepEqual(vouched, { id: ID, key: hostKeys.publicKey });
    }),
    { numRuns: 150 },
  );
});

test("on a path that loses a third and doubles and reorders the rest, most viewers still meet the host", () => {
  let met = 0;
  for (let seed = 1; seed <= 60; seed++) {
    const world = new World(perfect);
    world.start();
    world.runUntil(5_000);
    world.fate = bad(seed, 0.33);
    const { type } = world.introduce();
    assert.ok(type === "relay" || type === "no-answer", type);
    if (type === "relay") met += 1;
  }
  assert.ok(met > 45, `${met} of 60`);
});

test("a server that was restarted asks for the key again, and knows the host from what it stored", () => {
  const world = new World(perfect);
  world.start();
  world.runUntil(1_000);
  world.server.restart();
  assert.equal(world.introduce().type, "offline");
  world.runUntil(world.now + 16_000);
  assert.equal(world.introduce().type, "relay");
});

test("a host that falls silent is offline after half a minute, and says so itself", () => {
  const world = new World(perfect);
  world.start();
  world.runUntil(1_000);
  world.fate = () => [];
  world.runUntil(60_000);
  assert.deepEqual(world.seen.at(-1), { type: "offline" });
  assert.equal(world.introduce().type, "offline");
  assert.equal(world.introduce(KEY, "987654321").type, "not-found");
  assert.equal(world.introduce("another key").type, "wrong-key");
});

test("an ID belongs to the uuid that claimed it first", () => {
  const world = new World(perfect);
  world.start();
  world.runUntil(1_000);
  const thief = new World(perfect, bytes(99, 16));
  thief.server.stored.set(ID, world.server.stored.get(ID) as DeviceRecord);
  thief.start();
  thief.runUntil(60_000);
  assert.deepEqual(thief.seen, [{ type: "rejected", why: "uuid-mismatch" }]);
  assert.equal(thief.host.deadline, undefined);
});

test("no message from anybody, in any order, makes the server or a host throw", () => {
  const message = fc.constantFrom<ServerMessageInit>(
    { case: "registerPeer", value: { id: ID } },
    { case: "registerPk", value: { id: ID, uuid: bytes(9, 16), pk: bytes(2) } },
    { case: "registerPeerResponse", value: { requestPk: true } },
    { case: "registerPkResponse", value: { result: Result.OK } },
    { case: "registerPkResponse", value: { result: 99 as Result } },
    { case: "punchHoleRequest", value: { id: ID, licenceKey: KEY } },
    { case: "punchHoleResponse", value: { failure: Failure.OFFLINE } },
    { case: "punchHole", value: { socketAddr: bytes(0, 9) } },
    { case: "punchHoleSent", value: { id: ID } },
    { case: "fetchLocalAddr", value: { socketAddr: bytes(0, 200) } },
    { case: "requestRelay", value: { id: ID, uuid: "u", relayServer: "[::1" } },
    { case: "relayResponse", value: { socketAddr: bytes(0, 3) } },
    { case: "onlineRequest", value: { peers: Array<string>(5000).fill(ID) } },
    { case: "hc", value: { token: "" } },
    { case: "softwareUpdate", value: {} },
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(message, fc.boolean(), fc.nat(20_000)), { maxLength: 40 }), (script) => {
      const world = new World(perfect);
      world.start();
      for (const [init, isDatagram, pause] of script) {
        const from: Sender | Endpoint = isDatagram ? VIEWER : { type: "stream", connection: 3, endpoint: VIEWER };
        world.toServer(init, from);
        world.host.handle({ type: "received", message: wire(init) }, world.now);
        world.runUntil(world.now + pause);
      }
    }),
    { numRuns: 300 },
  );
});
