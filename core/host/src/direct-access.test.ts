import assert from "node:assert/strict";
import { test } from "node:test";
import { type Link, LinkError, memoryLinks } from "@pulpit/link";
import { encodeMessage } from "@pulpit/wire";
import { GREETING, Visitor } from "../test/visitor.ts";
import { host, ID, joined } from "../test/world.ts";
import { DirectAccess } from "./direct-access.ts";
import { Guests } from "./guests.ts";

const closeReason = { case: "misc", value: { union: { case: "closeReason", value: "" } } } as const;

test("a viewer of ours that knows the address is encrypted like any other, whatever else is allowed", async () => {
  for (const direct of ["encrypted-only", "plaintext-too"] as const) {
    const world = host();
    const visitor = await Visitor.of(world, { direct });
    assert.equal(await visitor.login(world.reception.oneTime.value, await visitor.challenge()), "");
    assert.deepEqual(joined(world), ["Eve"]);
    assert.ok(world.events.some((event) => event.type === "viewerJoined" && event.encrypted));
    await visitor.send(closeReason);
    await visitor.end;
  }
});

test("a viewer that says nothing is sent away with a reason, unless the owner lets such viewers in", async () => {
  const refused = host();
  const visitor = new Visitor(...knock(refused, "encrypted-only"));
  const { union } = (await visitor.until("loginResponse")).value;
  assert.match(union.case === "error" ? union.value : "", /encrypted connections only/);
  assert.deepEqual(await visitor.end, { session: undefined, why: "plaintext-refused" });

  const open = host();
  const stock = new Visitor(...knock(open, "plaintext-too"));
  const challenge = await stock.challenge();
  // Stock calls the host by what was typed.
  assert.equal(await stock.login(open.reception.oneTime.value, challenge, { username: "192.168.1.20:21118" }), "");
  assert.ok(open.events.some((event) => event.type === "viewerJoined" && !event.encrypted));
  await stock.send(closeReason);
  await stock.end;
});

test("without encryption the permanent password does not count, and with it it does", async () => {
  const world = host();
  world.reception.credentials.setPermanent("correct horse");
  const stock = new Visitor(...knock(world, "plaintext-too"));
  assert.equal(await stock.login("correct horse", await stock.challenge(), { username: "10.0.0.1" }), "Wrong Password");
  await stock.send(closeReason);
  await stock.end;
  const ours = await Visitor.of(world, { direct: "plaintext-too" });
  assert.equal(await ours.login("correct horse", await ours.challenge()), "");
  await ours.send(closeReason);
  await ours.end;
});

test("who asked for encryption gets no other session any more", async () => {
  for (const second of [new Uint8Array(0), encodeMessage({ case: "publicKey", value: {} }), GREETING]) {
    const world = host({ allowPlaintext: true });
    const [pipe, end] = knock(world, "plaintext-too");
    await pipe.send(GREETING);
    await pipe.send(second);
    assert.deepEqual(await end, { session: undefined, why: "plaintext-refused" });
  }
});

test("only there a host goes by an address, and never by another ID", async () => {
  const world = host();
  for (const [direct, username, answer] of [
    [undefined, "192.168.1.20", "Offline"],
    ["encrypted-only", "192.168.1.20", ""],
    ["encrypted-only", "desk.example.org:21118", ""],
    ["encrypted-only", ID, ""],
    ["encrypted-only", "987654321", "Offline"],
    ["encrypted-only", "pulpit:10.0.0.1", "Offline"],
    ["encrypted-only", "", "Offline"],
  ] as const) {
    const visitor = await Visitor.of(world, direct === undefined ? {} : { direct });
    const challenge = await visitor.challenge();
    assert.equal(await visitor.login(world.reception.oneTime.value, challenge, { username }), answer, username);
    await visitor.send(closeReason).catch(() => undefined);
    await visitor.end;
  }
});

test("nobody from a network that is not on the list hears a word", async () => {
  const world = host();
  const guests = new Guests(world.shared);
  let arrived: (link: Link, address: string) => void = () => assert.fail("nobody listens");
  let closed = false;
  const access = new DirectAccess(
    { port: 21_118, networks: ["10.0.0.0/8"], unencrypted: true },
    guests,
    world.reception.onEvent,
  );
  await access.open(async (port, callback) => {
    arrived = callback;
    const close = async (): Promise<void> => {
      closed = true;
    };
    return { port, close };
  });
  assert.deepEqual(world.events, [{ type: "directOpened", port: 21_118 }]);
  for (const address of ["192.0.2.1", "2001:db8::1", "11.0.0.1", "nonsense"]) {
    const [pipe, ours] = memoryLinks();
    arrived(ours, address);
    await assert.rejects(async () => pipe.receive(), LinkError);
    assert.deepEqual(world.events.at(-1), { type: "viewerRefused", address, why: "foreign-network" });
  }
  const [pipe, ours] = memoryLinks();
  arrived(ours, "10.1.2.3");
  const visitor = new Visitor(pipe, Promise.resolve({ session: undefined, why: "" }));
  assert.notEqual(await visitor.challenge(), "");
  await guests.close();
  assert.ok(closed);
});

test("a port that can't be had is told, and nothing else fails", async () => {
  const world = host();
  const access = new DirectAccess(
    { port: 1, networks: [], unencrypted: false },
    new Guests(world.shared),
    world.reception.onEvent,
  );
  await access.open(async () => {
    throw new LinkError("refused", "port 1 is in use");
  });
  assert.deepEqual(world.events, [{ type: "directFailed", why: "port 1 is in use" }]);
});

function knock(world: ReturnType<typeof host>, direct: "encrypted-only" | "plaintext-too"): [Link, Visitor["end"]] {
  const { pipe, end } = world.knock({ direct });
  return [pipe, end];
}
