import assert from "node:assert/strict";
import { test } from "node:test";
import { type Link, LinkError, memoryLinks } from "@pulpit/link";
import { fingerprint, type KeyPair } from "@pulpit/protocol";
import { decodeMessage, encodeMessage, type PeerMessageInit } from "@pulpit/wire";
import { crypto, FakeClock, FakeHost, hostKeys, ID, otherKeys, random } from "../test/far-side.ts";
import type { Reached } from "./reach.ts";
import { type AddressTarget, reachByAddress } from "./reach-address.ts";

const ADDRESS = { host: "192.168.1.20", port: 21_118 };
const PLACE = "direct 192.168.1.20:21118";
const hash: PeerMessageInit = { case: "hash", value: { salt: "s", challenge: "c" } };

/** A viewer that goes to an address where a test sits. */
class Attempt {
  readonly clock = new FakeClock();
  readonly known = new Map<string, Uint8Array>();
  readonly dialled: string[] = [];
  readonly #ends: [ours: Link, theirs: Link] = memoryLinks();

  get far(): Link {
    return this.#ends[1];
  }

  run(
    accepted?: string,
    options: Partial<AddressTarget> = {},
    signal = new AbortController().signal,
  ): Promise<Reached> {
    const knownHosts = {
      get: async (serverKey: string, hostId: string) => this.known.get(`${serverKey} ${hostId}`),
      set: async (serverKey: string, hostId: string, key: Uint8Array) =>
        void this.known.set(`${serverKey} ${hostId}`, key),
    };
    const dial = async (address: string): Promise<Link> => {
      this.dialled.push(address);
      return this.#ends[0];
    };
    const world = { crypto, random, clock: this.clock, dial, knownHosts };
    const target = { address: ADDRESS, allowPlaintext: false, ...options };
    const steps = { found: () => undefined, up: () => undefined, checkKey: async () => undefined };
    const result = reachByAddress(target, world, accepted)(steps, signal, new Set());
    result.catch(() => undefined);
    return result;
  }

  /** A host of ours at the address. */
  async host(identity: KeyPair = hostKeys): Promise<FakeHost> {
    const host = new FakeHost(this.far);
    await host.secure(identity, true);
    return host;
  }

  /** A host that says these things whatever it hears; undefined once the viewer has hung up. */
  async says(...messages: PeerMessageInit[]): Promise<void> {
    for (const message of messages) await this.far.send(encodeMessage(message));
  }
}

async function codeOf(attempt: Promise<unknown>): Promise<unknown> {
  try {
    await attempt;
  } catch (error) {
    return (error as { end?: { code: string } }).end?.code ?? (error as { code?: string }).code;
  }
  return "reached";
}

test("the first key at an address is taken only when a person accepts just this one, and then it is remembered", async () => {
  const first = new Attempt();
  const refused = first.run();
  void first.host().catch(() => undefined);
  await assert.rejects(refused, { end: { code: "key-unknown", offered: fingerprint(hostKeys.publicKey) } });
  assert.equal(first.known.size, 0);

  const wrong = new Attempt();
  void wrong.host().catch(() => undefined);
  assert.equal(await codeOf(wrong.run(fingerprint(otherKeys.publicKey))), "key-unknown");

  const right = new Attempt();
  const [reached, host] = await Promise.all([right.run(fingerprint(hostKeys.publicKey)), right.host()]);
  assert.deepEqual(right.dialled, ["192.168.1.20:21118"]);
  assert.deepEqual([reached.hostId, reached.encrypted, reached.name], [ID, true, "address"]);
  assert.deepEqual(right.known.get(PLACE), hostKeys.publicKey);
  await host.challenge();
  assert.equal(decodeMessage((await reached.link.receive()) as Uint8Array).case, "hash");

  const again = new Attempt();
  again.known.set(PLACE, hostKeys.publicKey);
  await Promise.all([again.run(), again.host()]);
});

test("another key than the one remembered ends the attempt, and nothing was sent that a stranger could use", async () => {
  const attempt = new Attempt();
  attempt.known.set(PLACE, hostKeys.publicKey);
  const run = attempt.run();
  void attempt.host(otherKeys).catch(() => undefined);
  await assert.rejects(run, {
    end: {
      code: "key-changed",
      pinned: fingerprint(hostKeys.publicKey),
      offered: fingerprint(otherKeys.publicKey),
    },
  });
  assert.deepEqual(attempt.known.get(PLACE), hostKeys.publicKey);
});

test("a host without encryption is gone on with only when the person says so, and is called by its address", async () => {
  const refused = new Attempt();
  await refused.says(hash);
  assert.equal(await codeOf(refused.run()), "unencrypted");

  const allowed = new Attempt();
  await allowed.says(hash);
  const reached = await allowed.run(undefined, { allowPlaintext: true });
  assert.deepEqual([reached.encrypted, reached.hostKey, reached.hostId], [false, undefined, "192.168.1.20"]);
  // The challenge is still there for the login.
  assert.equal(decodeMessage((await reached.link.receive()) as Uint8Array).case, "hash");
});

test("what was encrypted once never is not, even if the person allows it", async () => {
  const attempt = new Attempt();
  attempt.known.set(PLACE, hostKeys.publicKey);
  await attempt.says(hash);
  assert.equal(await codeOf(attempt.run(undefined, { allowPlaintext: true })), "encryption-gone");
});

test("refusals, nonsense and silence end the attempt and close the connection", async () => {
  const signedId = { id: new Uint8Array(150) };
  const refusal = { union: { case: "error" as const, value: "Go away" } };
  for (const [message, code] of [
    [{ case: "loginResponse", value: refusal }, "refused"],
    [{ case: "signedId", value: signedId }, "bad-identity"],
    [{ case: "testDelay", value: {} }, "unexpected-message"],
  ] as [PeerMessageInit, string][]) {
    const attempt = new Attempt();
    await attempt.says(message);
    assert.equal(await codeOf(attempt.run()), code);
    // The greeting, and then the end.
    await attempt.far.receive();
    assert.equal(await attempt.far.receive(), undefined);
  }
  const silent = new Attempt();
  const run = silent.run();
  await silent.clock.pass(18_000);
  assert.equal(await codeOf(run), "unreachable");
  const hungUp = new Attempt();
  const cut = hungUp.run();
  await hungUp.far.close();
  assert.equal(await codeOf(cut), "unreachable");
  const abort = new AbortController();
  const given = new Attempt().run(undefined, {}, abort.signal);
  abort.abort();
  await assert.rejects(given, LinkError);
});
