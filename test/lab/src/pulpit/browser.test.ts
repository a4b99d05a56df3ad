import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, describe, test } from "node:test";
import { skipWithoutLab } from "../availability.ts";
import { type Lab, type Machine, openLab } from "../lab.ts";
import { type OpenHost, type PageServer, SessionPrograms } from "./session-programs.ts";
import { Visitor } from "./visitor.ts";

/** Each line's, ms: a round trip from one side to another is four of them. */
const DELAY = 5;
const SIZE = { width: 640, height: 480 };
const timeout = 60_000;

/** More than two ends say on the relay until they find that they are not needed there, less than a login, bytes. */
const GREETING = 1024;
const MOVES = 60;
/** What a session takes at least for this many movements of the pointer, bytes: a message each. */
const MOVED = 40 * MOVES;

/** Everything a machine sends to that address from now on is lost. */
async function swallow(machine: Machine, address: string): Promise<void> {
  const rules = `table inet cut { chain out { type filter hook output priority 0; ip daddr ${address} drop; }; }`;
  const [code] = await once(machine.spawn("nft", [rules]), "exit");
  assert.equal(code, 0);
}

describe("a real browser behind one NAT, a real host behind another", { skip: skipWithoutLab() }, () => {
  const stack = new AsyncDisposableStack();
  let lab: Lab<"home" | "other-home" | "mobile" | "other-mobile">;
  let server: PageServer;
  let athome: OpenHost;
  let onmobile: OpenHost;
  let neighbour: Visitor;
  let traveller: Visitor;

  before(
    async () => {
      lab = stack.use(
        await openLab({
          delay: DELAY,
          sides: {
            home: { nat: "port-restricted" },
            "other-home": { nat: "port-restricted" },
            mobile: { nat: "symmetric" },
            "other-mobile": { nat: "symmetric" },
          },
        }),
      );
      const programs = stack.use(new SessionPrograms());
      server = await programs.server(lab.server);
      neighbour = stack.use(new Visitor(lab.side("other-home"), server.origin));
      traveller = stack.use(new Visitor(lab.side("other-mobile"), server.origin));
      [athome, onmobile] = await Promise.all([
        programs.host(lab.side("home"), server, SIZE),
        programs.host(lab.side("mobile"), server, SIZE),
      ]);
    },
    { timeout },
  );
  after(() => stack.disposeAsync(), { timeout });

  /** What the relay has carried once the session is as it stays: ends that have found a better way leave it. */
  const carried = async (pairs: number): Promise<number> => {
    for (let looks = 0; looks < 20; looks++) {
      const figures = await server.relay();
      if (figures.pairs === pairs && figures.waiting === 0) return figures.bytes;
    }
    assert.fail(`the relay does not come to ${pairs} sessions: ${JSON.stringify(await server.relay())}`);
  };

  test("behind routers that let in only what was asked for, it goes direct, and the relay carries no byte of the session", {
    timeout,
  }, async (t) => {
    t.after(() => neighbour[Symbol.asyncDispose]());
    assert.deepEqual(await neighbour.visit(athome.id, athome.password), {
      picture: SIZE,
      path: "Straight to the other computer",
      transport: "WebRTC",
      ways: { WebRTC: "In use", relay: "Not needed: there was a direct way" },
    });
    // Both ways are tried at a time: the relay may have been asked, and have joined the two, but no more than that.
    const bytes = await carried(0);
    assert.ok(bytes < GREETING, `${bytes} bytes over the relay`);

    const { received } = lab.counters("home");
    await neighbour.move(MOVES);
    assert.ok(lab.counters("home").received - received > MOVED, "the movements have arrived");
    assert.equal(await carried(0), bytes);

    // The other one's network swallows what comes on the direct way, as routers do that have forgotten a hole.
    await neighbour.spoil();
    const cut = performance.now();
    await swallow(lab.side("home"), lab.side("other-home").publicAddress as string);
    await neighbour.returned();
    t.diagnostic(
      `direct way cut: the picture was back, by the relay and without a question, after ${Math.round(performance.now() - cut)} ms`,
    );
  });

  test("where no hole can be punched it is on the relay, and says so", { timeout }, async () => {
    const { ways, ...seen } = await traveller.visit(onmobile.id, onmobile.password);
    assert.deepEqual(seen, { picture: SIZE, path: "Through the relay, which can't read it", transport: "WebSocket" });
    assert.equal(ways.relay, "In use");
    assert.notEqual(ways.WebRTC, "In use");
    await traveller.move(MOVES);
    const bytes = await carried(1);
    assert.ok(bytes > MOVED, `${bytes} bytes over the relay`);
  });
});
