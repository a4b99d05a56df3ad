import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { POLICY, type Servers, type SharedHost, startDesktop, startHost, startServers } from "../world.ts";
import { Intruder } from "./intruder.ts";
import { type Proxied, startLiar, startProxied } from "./proxied.ts";

const BLOCKED = "Your ip is blocked by the peer";
const OWN = "t-K8v!pW3n_z";

let stack: AsyncDisposableStack;
let servers: Servers;
let proxied: Proxied;
let host: SharedHost;

before(async () => {
  stack = new AsyncDisposableStack();
  servers = stack.use(await startServers());
  proxied = stack.use(await startProxied(servers));
  const { desktop } = stack.use(await startDesktop({ width: 320, height: 240, bare: true }));
  host = stack.use(await startHost(servers, desktop));
  host.reception.credentials.setPermanent(OWN);
});
afterEach(() => host.decide(POLICY));
after(() => stack.disposeAsync());

/** What somebody from there hears who knows the password. */
async function from(place: Servers, fields: { readonly myId?: string } = {}): Promise<string> {
  const visitor = await Intruder.at(place, host.id);
  const heard = await visitor.login(OWN, fields);
  await visitor.leave();
  return heard;
}

test("a list of friends lets in whom the trusted proxy names, in whatever dress the address comes", async () => {
  host.decide({ allowedAddresses: ["192.0.2.0/24", "2001:db8::/32"] });
  for (const friend of [
    "192.0.2.9",
    "::ffff:192.0.2.9",
    "::FFFF:C000:209",
    "[::ffff:192.0.2.9]:4711",
    "192.0.2.9:4711",
    "2001:db8::1",
    "2001:0DB8:0:0::1",
  ]) {
    assert.equal(await from(proxied.from(friend)), "in", friend);
  }
  for (const stranger of ["198.51.100.9", "::ffff:198.51.100.9", "2001:db9::1", "64:ff9b::192.0.2.9"]) {
    assert.equal(await from(proxied.from(stranger)), BLOCKED, stranger);
  }
});

test("what is blocked is blocked in every dress, and before what is allowed", async () => {
  host.decide({ allowedAddresses: ["192.0.2.0/24"], blockedAddresses: ["::ffff:192.0.2.66"] });
  for (const blocked of ["192.0.2.66", "::ffff:192.0.2.66", "::ffff:c000:242", "[::ffff:192.0.2.66]:80"]) {
    assert.equal(await from(proxied.from(blocked)), BLOCKED, blocked);
  }
  assert.equal(await from(proxied.from("192.0.2.67")), "in");
});

test("no header of a client changes where it comes from, with a proxy between or without", async () => {
  host.decide({ allowedAddresses: ["192.0.2.0/24"] });
  const before = host.events.filter((event) => "address" in event).length;
  const lies = ["192.0.2.9", "192.0.2.9, 192.0.2.9", "::ffff:192.0.2.9", "192.0.2.9, 127.0.0.1"].flatMap(
    (friend): readonly Readonly<Record<string, string>>[] => [
      { "X-Forwarded-For": friend },
      { "X-Real-IP": friend },
      { Forwarded: `for=${friend}` },
      { "True-Client-IP": friend, "CF-Connecting-IP": friend, "X-Client-IP": friend },
    ],
  );
  for (const lie of lies) {
    assert.equal(await from(proxied.saying("198.51.100.9", lie)), BLOCKED, JSON.stringify(lie));
    await using liar = await startLiar(servers, lie);
    assert.equal(await from(liar.servers), BLOCKED, JSON.stringify(lie));
  }
  const seen = host.events.flatMap((event) => ("address" in event ? [event.address] : []));
  assert.ok(!seen.slice(before).includes("192.0.2.9"));
});

test("a blocked ID stays out however it is written, and a list of IDs lets in nobody else", async () => {
  host.decide({ blockedIds: ["eve*", "12345678?"] });
  let places = 0;
  const somewhere = (): Servers => {
    places += 1;
    return proxied.from(`203.0.${places}.1`);
  };
  for (const [id, heard] of [
    ["eve", "Your ID is blocked by the peer"],
    ["EVE-2", "Your ID is blocked by the peer"],
    ["eve@elsewhere", "Your ID is blocked by the peer"],
    ["123456789", "Your ID is blocked by the peer"],
    ["123456789@elsewhere", "Your ID is blocked by the peer"],
    ["1234567890", "in"],
    ["", "in"],
  ] as const) {
    assert.equal(await from(somewhere(), { myId: id }), heard, id);
  }
  host.decide({ blockedIds: [], allowedIds: ["friend"] });
  for (const [id, heard] of [
    ["friend", "in"],
    ["friend2", "Your ID is blocked by the peer"],
    ["", "Your ID is blocked by the peer"],
  ] as const) {
    assert.equal(await from(somewhere(), { myId: id }), heard, id);
  }
});

test("an address that is blocked while it is in is let in no more", async () => {
  const place = proxied.from("203.0.113.3");
  assert.equal(await from(place), "in");
  host.decide({ blockedAddresses: ["203.0.113.0/24"] });
  assert.equal(await from(place), BLOCKED);
});
