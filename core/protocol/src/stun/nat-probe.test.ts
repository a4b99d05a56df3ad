import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  type NatFindings,
  NatProbe,
  type NatProbeEffect,
  type NatProbeInput,
  type NatProbeOptions,
  type NatSocket,
} from "./nat-probe.ts";
import { answerStun } from "./server.ts";

const MAIN = 21_116;
const SECOND = 21_115;
const HOST = "203.0.113.10";
const LOCAL = { host: "192.168.1.2", port: 40_000 };
const OPTIONS: NatProbeOptions = {
  server: { host: HOST, port: MAIN },
  local: LOCAL,
  transactions: [new Uint8Array(12).fill(1), new Uint8Array(12).fill(2), new Uint8Array(12).fill(3)],
};
/** From one side to the other, ms. */
const TRIP = 30;

/** What stands between the probe and the server, and the server itself. */
interface World {
  readonly ports: "one" | "two" | "none";
  /** Where the server sees the asking socket when it asks this port. */
  seenAt(port: number): { readonly host: string; readonly port: number };
  /** Who has not been spoken to and may answer anyway. */
  readonly letsInOthers: boolean;
  /** Whether a datagram, by its number, is lost. */
  isLost(count: number): boolean;
  /** A port of the server that nothing reaches. */
  readonly blocked?: number;
}

const OPEN: World = { ports: "two", seenAt: () => LOCAL, letsInOthers: true, isLost: () => false };

interface Told {
  readonly outcome: NatFindings;
  readonly at: number;
  readonly questions: readonly Extract<NatProbeEffect, { type: "send" }>[];
}

/** Runs a probe in such a world, with a clock of its own. */
function probed(world: World): Told {
  const probe = new NatProbe(OPTIONS);
  const questions: Extract<NatProbeEffect, { type: "send" }>[] = [];
  const arriving: { readonly at: number; readonly input: NatProbeInput }[] = [];
  const spokenTo = new Set<string>();
  let count = 0;
  const isLost = (): boolean => world.isLost(count++);
  const answer = (socket: NatSocket, port: number, data: Uint8Array, now: number): void => {
    spokenTo.add(`${socket} ${port}`);
    if (isLost() || world.ports === "none" || port === world.blocked) return;
    if (port === SECOND && world.ports === "one") return;
    const said = answerStun(data, world.seenAt(port), world.ports);
    if (said === undefined) return;
    const from = said.through === "asked-port" ? port : MAIN + SECOND - port;
    if (isLost() || from === world.blocked) return;
    if (!world.letsInOthers && !spokenTo.has(`${socket} ${from}`)) return;
    const input = { type: "received", socket, from: { host: HOST, port: from }, data: said.bytes } as const;
    arriving.push({ at: now + 2 * TRIP, input });
  };
  let now = 1000;
  let input: NatProbeInput = { type: "start" };
  for (;;) {
    for (const effect of probe.handle(input, now)) {
      if (effect.type === "finish") return { outcome: effect.outcome, at: now - 1000, questions };
      questions.push(effect);
      answer(effect.socket, effect.port, effect.data, now);
    }
    const next = arriving[0];
    const deadline = probe.deadline ?? assert.fail("it waits for ever");
    if (next !== undefined && next.at <= deadline) {
      arriving.shift();
      now = next.at;
      input = next.input;
    } else {
      now = deadline;
      input = { type: "timeout" };
    }
  }
}

const outside = (port: number): { host: string; port: number } => ({ host: "198.51.100.7", port });

test("without anything between, one exchange tells that nothing is changed and other ports are let in", () => {
  const { outcome, at } = probed(OPEN);
  assert.deepEqual(outcome, { translation: "none", mapping: "kept", filtering: "open-to-other-ports" });
  assert.equal(at, 2 * TRIP);
});

test("a translator is named by the ports it gives: the own one, one for both, or one for each", () => {
  const mappings: readonly [World["seenAt"], NatFindings["mapping"]][] = [
    [() => outside(LOCAL.port), "kept"],
    [() => outside(50_000), "same"],
    [(port) => outside(30_000 + port), "changing"],
    [(port) => ({ host: `198.51.100.${port % 200}`, port: LOCAL.port }), "changing"],
  ];
  for (const [seenAt, mapping] of mappings) {
    for (const [letsInOthers, filtering] of [
      [true, "open-to-other-ports"],
      [false, "strict"],
    ] as const) {
      const { outcome, at } = probed({ ...OPEN, seenAt, letsInOthers });
      assert.deepEqual(outcome, { translation: "seen", mapping, filtering });
      // Silence takes longer to be sure of.
      assert.equal(at, 2 * TRIP + (letsInOthers ? 0 : 2_000));
    }
  }
});

test("a machine that is not translated may still have something before it that lets in answers only", () => {
  const { outcome } = probed({ ...OPEN, letsInOthers: false });
  assert.deepEqual(outcome, { translation: "none", mapping: "kept", filtering: "strict" });
});

test("a server without a second port says so at once, and no more is claimed than its one port shows", () => {
  const { outcome, at } = probed({ ...OPEN, ports: "one", seenAt: () => outside(50_000), letsInOthers: false });
  assert.deepEqual(outcome, { translation: "seen", mapping: "unknown", filtering: "unknown" });
  assert.equal(at, 2 * TRIP);
});

test("where the second port can't be reached, nothing is said of who would be let in", () => {
  const { outcome, at } = probed({ ...OPEN, blocked: SECOND, letsInOthers: false });
  assert.deepEqual(outcome, { translation: "none", mapping: "unknown", filtering: "unknown" });
  assert.equal(at, 4_000);
});

test("without any answer everything is unknown after four seconds, and it has not asked too often", () => {
  const { outcome, at, questions } = probed({ ...OPEN, ports: "none" });
  assert.deepEqual(outcome, { translation: "unknown", mapping: "unknown", filtering: "unknown" });
  assert.equal(at, 4_000);
  assert.ok(questions.length > 40 && questions.length < 90, String(questions.length));
});

test("the waiting socket never speaks to the second port", () => {
  for (const letsInOthers of [true, false]) {
    const { questions } = probed({ ...OPEN, letsInOthers });
    assert.ok(questions.some(({ socket }) => socket === "waiting"));
    for (const { socket, port } of questions) if (socket === "waiting") assert.equal(port, MAIN);
  }
});

test("lost datagrams delay it and change nothing", () => {
  const worlds = fc.record({
    lost: fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 20 }),
    letsInOthers: fc.boolean(),
    mapping: fc.constantFrom("same", "changing"),
  });
  fc.assert(
    fc.property(worlds, ({ lost, letsInOthers, mapping }) => {
      const seenAt = (port: number): { host: string; port: number } => outside(mapping === "same" ? 50_000 : port);
      const isLost = (count: number): boolean => lost.includes(count);
      const { outcome } = probed({ ...OPEN, seenAt, letsInOthers, isLost });
      const filtering = letsInOthers ? "open-to-other-ports" : "strict";
      assert.deepEqual(outcome, { translation: "seen", mapping, filtering });
    }),
  );
});

test("what strangers send, and nonsense of the server, changes nothing", () => {
  const from = (transaction: number, port = 9): Uint8Array =>
    answerStun(
      Uint8Array.of(0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42, ...new Uint8Array(12).fill(transaction)),
      outside(port),
      "one",
    )?.bytes ?? assert.fail("silence");
  const probe = new NatProbe(OPTIONS);
  probe.handle({ type: "start" }, 0);
  const told = (socket: NatSocket, host: string, port: number, data: Uint8Array): readonly NatProbeEffect[] =>
    probe.handle({ type: "received", socket, from: { host, port }, data }, 1);
  for (const [socket, host, port, data] of [
    ["asking", "203.0.113.11", MAIN, from(1)],
    ["asking", HOST, SECOND, from(1)],
    ["asking", HOST, 4, from(2)],
    ["asking", HOST, MAIN, from(9)],
    ["waiting", "203.0.113.11", SECOND, from(3)],
    ["waiting", HOST, SECOND, from(1)],
    ["waiting", HOST, SECOND, Uint8Array.of(1, 2, 3)],
  ] as const) {
    assert.deepEqual(told(socket, host, port, data), []);
  }
  assert.deepEqual(told("asking", HOST, MAIN, from(1)), []);
  assert.deepEqual(told("asking", HOST, SECOND, from(2)), []);
  // Its translator may have given the other port another number.
  assert.deepEqual(told("waiting", HOST, 60_000, from(3)), [
    {
      type: "finish",
      outcome: { translation: "seen", mapping: "same", filtering: "open-to-other-ports" },
    },
  ]);
});

test("a server that answers the wish for another port from the same one does not understand it", () => {
  const probe = new NatProbe(OPTIONS);
  const effects = probe.handle({ type: "start" }, 0);
  for (const effect of effects.slice(0, 3)) {
    if (effect.type !== "send") continue;
    const { socket, port } = effect;
    // As if CHANGE-REQUEST were not there.
    const plain = new Uint8Array(effect.data.slice(0, 20)).with(3, 0);
    const data = answerStun(plain, LOCAL, "one")?.bytes ?? assert.fail("silence");
    const [end] = probe.handle({ type: "received", socket, from: { host: HOST, port }, data }, 1);
    if (socket === "waiting")
      assert.deepEqual(end, {
        type: "finish",
        outcome: { translation: "none", mapping: "kept", filtering: "unknown" },
      });
  }
});
