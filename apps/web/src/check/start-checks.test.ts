import assert from "node:assert/strict";
import { test } from "node:test";
import type { ServerConfig } from "../state/server-config.ts";
import type { Gathered } from "./facts.ts";
import { CHECKS, type CheckName, type Outcome } from "./outcomes.ts";
import { reportText } from "./report.ts";
import { type Asking, startChecks } from "./start-checks.ts";

const stun = (port: number) => ({ scheme: "stun", host: "desk.example", port, user: "", password: "" }) as const;
const CONFIG: ServerConfig = {
  serverKey: "",
  idServer: "wss://desk.example/ws/id",
  relay: "wss://desk.example/ws/relay",
  iceServers: [stun(21_116)],
  natTest: stun(21_115),
};
/** A network whose router gives each server another port. */
const HARD: Asking = {
  page: async () => ({ problem: undefined, codecs: ["VP9"] }),
  door: async (address) => (address === CONFIG.relay ? { type: "refused" } : { type: "open", ms: 20 }),
  clock: async () => 0,
  gather: async (servers): Promise<Gathered> => ({
    places: servers.map(({ port }) => ({ address: "203.0.113.7", port, kind: "srflx", base: "" })),
    hidden: true,
    complete: true,
  }),
};

/** What all checks come to, in the order in which they finish. */
async function outcomes(config: ServerConfig, ask: Asking): Promise<Partial<Record<CheckName, Outcome>>> {
  const found: Partial<Record<CheckName, Outcome>> = {};
  await new Promise<void>((resolve) =>
    startChecks(config, ask, new AbortController().signal, (name, { outcome }) => {
      found[name] = outcome;
      if (Object.keys(found).length === CHECKS.length) resolve();
    }),
  );
  return found;
}

test("every check comes to something, each by what it asked", async () => {
  assert.deepEqual(await outcomes(CONFIG, HARD), {
    page: "page-good",
    id: "answers",
    relay: "relay-refused",
    clock: "clock-right",
    udp: "udp-through",
    ipv6: "ipv6-untold",
    nat: "nat-changing",
    direct: "direct-some",
  });
});

test("a server that names nobody to ask is asked nothing more, and a second port alone changes nothing", async () => {
  const { natTest: _, ...old } = CONFIG;
  const gather: Asking["gather"] = async (servers, signal) => {
    assert.equal(servers.length, 1);
    return HARD.gather(servers, signal);
  };
  const { nat, direct } = await outcomes(old, { ...HARD, gather });
  assert.deepEqual([nat, direct], ["nat-untold", "direct-unsure"]);
  const none = await outcomes({ ...old, iceServers: [] }, { ...HARD, gather: () => assert.fail() });
  assert.deepEqual([none.udp, none.nat, none.direct], ["udp-no-server", "nat-untold", "direct-unknown"]);
});

test("a browser that fails at one question is still asked the others", async () => {
  const found = await outcomes(CONFIG, { ...HARD, gather: () => Promise.reject(new Error("no")) });
  assert.deepEqual([found.udp, found.nat, found.direct], ["not-checked", "not-checked", "not-checked"]);
  assert.equal(found.id, "answers");
});

test("nothing is told any more once nobody wants to hear it", async () => {
  const abort = new AbortController();
  startChecks(CONFIG, HARD, abort.signal, () => assert.fail("told"));
  abort.abort();
  await new Promise((resolve) => setTimeout(resolve, 10));
});

test("a report says what is shown, where and when, and is plain text", () => {
  const facts = { page: "https://desk.example", at: new Date(0), browser: `Browser\n\u001b[1m${"x".repeat(999)}` };
  const text = reportText("Check this connection", facts, [
    { name: "Relay", level: "Not working", text: "Nobody answers.", advice: "Try it in another network." },
    { name: "Clock", level: "Good", text: "The same.", advice: "" },
  ]);
  const [title, page, at, browser, ...rest] = text.split("\n");
  assert.deepEqual([title, page, at], ["Pulpit – Check this connection", facts.page, "1970-01-01T00:00:00.000Z"]);
  assert.match(browser ?? "", /^Browser\[1mx{290,292}$/);
  assert.deepEqual(rest, [
    "",
    "[Not working] Relay: Nobody answers.",
    "    Try it in another network.",
    "[Good] Clock: The same.",
    "",
  ]);
});
