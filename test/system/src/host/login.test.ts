import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type Servers, type SharedHost, startDesktop, startHost, startServers } from "../world.ts";
import { pointerOf, pressedKeys } from "../x-state.ts";
import { codeOf, wrongCode } from "./authenticator.ts";
import { everyMessage, sharpMessages } from "./every-message.ts";
import { Intruder, knock } from "./intruder.ts";
import { type Proxied, startProxied } from "./proxied.ts";

/** The owner's password: the one-time one would change under the tests' feet. */
const OWN = "t-K8v!pW3n_z";

let stack: AsyncDisposableStack;
let servers: Servers;
let proxied: Proxied;
let shared: Awaited<ReturnType<typeof startDesktop>>;
let host: SharedHost;

before(async () => {
  stack = new AsyncDisposableStack();
  servers = stack.use(await startServers());
  proxied = stack.use(await startProxied(servers));
  shared = stack.use(await startDesktop({ width: 320, height: 240, bare: true }));
  host = stack.use(await startHost(servers, shared.desktop));
  host.reception.credentials.setPermanent(OWN);
});
after(() => stack.disposeAsync());

/** Every test knocks from a place of its own, so that none inherits the pauses of another. */
let places = 0;
const somewhere = (): Servers => {
  places += 1;
  return proxied.from(`198.51.${places}.7`);
};
const visitor = (from = somewhere()): Promise<Intruder> => Intruder.at(from, host.id);
const joined = (): number => host.events.filter(({ type }) => type === "viewerJoined").length;

test("a proof that was recorded on one connection is wrong on the next, and so is a whole recorded login", async () => {
  const from = somewhere();
  const first = await visitor(from);
  const hash = await first.hash();
  const proof = first.proof(OWN, hash);
  const request = first.request(proof, { sessionId: 5n });
  await first.send(request);
  assert.equal(await first.answer(), "in");
  await first.leave();
  const second = await visitor(from);
  const other = await second.hash();
  assert.notEqual(other.challenge, hash.challenge);
  const before = joined();
  // Not even within the grace for sessions that broke: the proof belongs to the challenge.
  await second.send(request);
  assert.equal(await second.answer(), "Wrong Password");
  assert.equal(joined(), before);
  await second.leave();
});

test("recorded frames of one connection end another one", async () => {
  const first = await visitor();
  assert.equal(await first.login(OWN), "in");
  const [key, ...frames] = first.knock.sent;
  assert.ok(key !== undefined && frames.length > 0);
  const before = joined();
  // From the key exchange on: the host's half is another one each time, so nobody can open what was sealed to the old.
  const replayed = await knock(somewhere(), host.id);
  await replayed.link.receive();
  for (const frame of [key, ...frames]) await replayed.link.send(frame).catch(() => undefined);
  assert.equal(await endOf(replayed.link), "over");
  // Behind a handshake of its own.
  const second = await visitor();
  await second.hash();
  for (const frame of frames) await second.knock.link.send(frame).catch(() => undefined);
  await second.gone();
  await host.until((event) => event.type === "viewerRefused" && event.why === "decryption-failed");
  assert.equal(joined(), before);
  await first.leave();
});

test("a viewer that plays the host, with a challenge of its own or the host's own one, proves nothing", async () => {
  const mallory = await visitor();
  const hash = await mallory.hash();
  await mallory.send(
    { case: "hash", value: hash },
    { case: "hash", value: { salt: "", challenge: "" } },
    { case: "signedId", value: { id: new Uint8Array(100) } },
    { case: "publicKey", value: { asymmetricValue: new Uint8Array(32), symmetricValue: new Uint8Array(48) } },
    { case: "loginResponse", value: { union: { case: "peerInfo", value: {} } } },
  );
  await mallory.lookedAt();
  // The challenge in place of its proof, a proof without a salt, and nothing at all.
  await mallory.send(mallory.request(new TextEncoder().encode(hash.challenge.padEnd(32, "\0").slice(0, 32))));
  assert.equal(await mallory.answer(), "Wrong Password");
  await mallory.send(mallory.request(mallory.proof(OWN, { ...hash, salt: "" })));
  assert.equal(await mallory.answer(), "Wrong Password");
  await mallory.send(mallory.request(mallory.proof(OWN, { ...hash, challenge: "" })));
  assert.equal(await mallory.answer(), "Wrong Password");
  await mallory.leave();
});

test("no message of any kind does anything before the login, nor while a person is asked", async () => {
  const place = await pointerOf(shared.display);
  const salvo = [...everyMessage(), ...sharpMessages()];
  const stranger = await visitor();
  await stranger.hash();
  await stranger.send(...salvo, { case: "auth2fa", value: { code: "123456" } });
  await stranger.lookedAt();
  await stranger.send(stranger.request(new Uint8Array(0)));
  await host.until(({ type }) => type === "viewerAsks");
  const [question] = host.reception.consent.open;
  await stranger.send(...salvo, { case: "auth2fa", value: { code: "123456" } });
  await stranger.lookedAt();
  assert.deepEqual(await pointerOf(shared.display), place);
  assert.equal(await pressedKeys(shared.display), 0);
  assert.deepEqual(host.reception.consent.open, [question]);
  assert.ok(
    stranger.heard.every(({ case: kind }) => ["hash", "testDelay", "loginResponse", "misc"].includes(kind ?? "")),
  );
  assert.ok(host.reception.consent.answer(question?.key ?? "", false));
  await stranger.gone();
  assert.match(stranger.text(), /Closed manually by the peer/);
});

test("with a second factor: no code without a password, no code twice, and nothing is done while it is waited for", async () => {
  const secret = new Uint8Array(20).fill(3);
  const at = Date.now();
  assert.ok(host.reception.credentials.enrol(secret, codeOf(secret, at - 30_000), at));
  try {
    const before = joined();
    // The code that holds from now on, used by somebody who has no password.
    const code = codeOf(secret, Date.now());
    const eve = await visitor();
    await eve.hash();
    await eve.send({ case: "auth2fa", value: { code } });
    await eve.lookedAt();
    assert.equal(eve.text(), "");
    assert.equal(joined(), before);

    const from = somewhere();
    const owner = await visitor(from);
    assert.equal(await owner.login(OWN), "2FA Required");
    await owner.send(...everyMessage(), ...sharpMessages());
    await owner.lookedAt();
    assert.equal(await pressedKeys(shared.display), 0);
    await owner.send({ case: "auth2fa", value: { code: wrongCode(secret, Date.now()) } });
    assert.equal(await owner.answer(), "Wrong 2FA Code");
    // A step may have passed on a busy machine; the neighbours count as well.
    await owner.send({ case: "auth2fa", value: { code } });
    assert.equal(await owner.answer(), "in");

    // Whoever looked over the shoulder has password and code, and the code is used up.
    const thief = await visitor();
    assert.equal(await thief.login(OWN), "2FA Required");
    await thief.send({ case: "auth2fa", value: { code } });
    assert.equal(await thief.answer(), "Wrong 2FA Code");
    assert.equal(joined(), before + 1);
    await Promise.all([eve, owner, thief].map((one) => one.leave()));
  } finally {
    host.reception.credentials.dropSecondFactor();
  }
});

test("names of any length and direction reach the person short, on one line and harmless", async () => {
  const loud = await visitor();
  // All that fits into a message before the login.
  const long = `${"\u202e\u0000\n\u001b[2J😀".repeat(20)}${"A".repeat(60_000)}`;
  await loud.ask("", { myName: long, myId: `x\u2028${"9".repeat(500)}`, myPlatform: "\u2066\u0007Windows" });
  await host.until((event) => event.type === "viewerAsks" && event.viewer.platform === "Windows");
  const viewer = host.reception.consent.open[0]?.viewer;
  for (const text of [viewer?.name, viewer?.id, viewer?.platform]) {
    assert.ok(text !== undefined && text.length <= 64 && text.isWellFormed());
    assert.doesNotMatch(text, /[\p{C}\p{Zl}\p{Zp}]/u);
  }
  await loud.leave();
  // An avatar in its megabytes is not even read.
  const heavy = await visitor();
  await heavy.hash();
  await heavy.send(heavy.request(new Uint8Array(0), { avatar: "A".repeat(200_000) })).catch(() => undefined);
  await heavy.gone();
  await host.until((event) => event.type === "viewerRefused" && event.why === "too-large");
});

async function endOf(link: { receive(): Promise<Uint8Array | undefined> }): Promise<string> {
  try {
    while ((await link.receive()) !== undefined);
  } catch {
    return "over";
  }
  return "over";
}
