import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { LinkError } from "@pulpit/link";
import { ProtocolError } from "@pulpit/protocol";
import { type Servers, type SharedHost, startDesktop, startHost, startServers } from "../world.ts";
import { Intruder, knock } from "./intruder.ts";
import { type Proxied, startProxied } from "./proxied.ts";

const OWN = "t-K8v!pW3n_z";
/** What strangers together may get wrong at once, and how soon one more, ms (core/protocol/src/login). */
const BURST = 30;
const REFILL = 20_000;

let stack: AsyncDisposableStack;
let servers: Servers;
let proxied: Proxied;
let host: SharedHost;
/** A place that somebody has logged in from. */
let home: Servers;

before(async () => {
  stack = new AsyncDisposableStack();
  servers = stack.use(await startServers());
  proxied = stack.use(await startProxied(servers));
  const { desktop } = stack.use(await startDesktop({ width: 320, height: 240, bare: true }));
  host = stack.use(await startHost(servers, desktop));
  host.reception.credentials.setPermanent(OWN);
  home = proxied.from("203.0.113.5");
  await comeHome();
});
after(() => stack.disposeAsync());

async function comeHome(): Promise<void> {
  const owner = await Intruder.at(home, host.id);
  assert.equal(await owner.login(OWN), "in");
  await owner.leave();
}

const refused = (why: string): number =>
  host.events.filter((event) => event.type === "viewerRefused" && event.why === why).length;

/** Until it is so; the test runner gives up on what never is. */
async function soon(done: () => boolean): Promise<void> {
  while (!done()) await new Promise((resolve) => setTimeout(resolve, 20));
}

const sockets = (): number => process.getActiveResourcesInfo().filter((kind) => kind === "TCPSocketWrap").length;

/** Strangers from as many addresses, each of whom does the same and then stays as long as it is let. */
async function crowd(size: number, act: (stranger: Intruder, number: number) => Promise<void>): Promise<Crowd> {
  const over = new AbortController();
  const all = Array.from({ length: size }, (_, number) => {
    const from = proxied.from(`198.18.${number >> 4}.${number & 15}`);
    const knocked = knock(from, host.id);
    const visit = knocked
      .then((pipe) => Intruder.behind(pipe, host.id, over.signal))
      .then(async (stranger) => {
        over.signal.addEventListener("abort", () => void stranger.break(), { once: true });
        await act(stranger, number);
        await stranger.gone();
      })
      // Sent away to make room for others, at whatever point.
      .catch((error: unknown) => {
        if (!(error instanceof LinkError || error instanceof ProtocolError)) throw error;
      });
    return { knocked, visit };
  });
  return {
    async arrived() {
      await Promise.all(all.map(({ knocked }) => knocked));
    },
    async disperse() {
      over.abort();
      await Promise.all(all.map(({ visit }) => visit));
    },
  };
}

interface Crowd {
  /** Everybody has been called to the relay by the host. */
  arrived(): Promise<void>;
  disperse(): Promise<void>;
}

test("two hundred guess at once from as many addresses: few are looked at, and an address that was in before gets in", async () => {
  const before = sockets();
  const since = Date.now();
  const guessers = await crowd(200, async (stranger, number) => {
    assert.notEqual(await stranger.login(`guess${number}`), "in");
  });
  await soon(() => refused("wrong-password") > 0);
  await comeHome();
  await guessers.arrived();
  await comeHome();
  assert.ok(refused("wrong-password") <= BURST + Math.ceil((Date.now() - since) / REFILL), "too many were looked at");
  assert.ok(refused("too-many-attempts") + refused("too-many") > 0);
  await guessers.disperse();
  // Everything is given back.
  await soon(() => sockets() <= before && servers.relay.stats().pairs === 0);
  await comeHome();
});

test("sixty-four ask at once to be let in: four questions at most, and the host goes on with everybody else", async () => {
  const before = sockets();
  let most = 0;
  const askers = await crowd(64, async (stranger) => {
    await stranger.ask("");
    // The answer to this one shows the questions as they are after it.
    await stranger.lookedAt();
    most = Math.max(most, host.reception.consent.open.length);
  });
  await soon(() => host.reception.consent.open.length === 4);
  await comeHome();
  await askers.arrived();
  await comeHome();
  assert.equal(most, 4);
  for (const { key } of host.reception.consent.open) host.reception.consent.answer(key, false);
  await askers.disperse();
  await soon(() => host.reception.consent.open.length === 0);
  await soon(() => sockets() <= before && servers.relay.stats().pairs === 0);
});
