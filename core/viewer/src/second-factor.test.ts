import assert from "node:assert/strict";
import { test } from "node:test";
import { LoginError } from "@pulpit/protocol";
import type { Auth2FA } from "@pulpit/wire";
import { type FakeHost, ID, rememberingSecrets, SERVER_KEY, secured, type Visit } from "../test/far-side.ts";

type Secrets = ReturnType<typeof rememberingSecrets>;
const PLACE = `${SERVER_KEY} ${ID}`;

/** A visit up to the login request, and the secret that it carried. */
async function arrived(deviceSecrets?: Secrets): Promise<Visit & { far: FakeHost; shown: Uint8Array }> {
  const visit = await secured({ password: "k7m3xz", ...(deviceSecrets === undefined ? {} : { deviceSecrets }) });
  await visit.far.challenge();
  const request = await visit.far.hear();
  assert.ok(request.case === "loginRequest");
  return { ...visit, shown: request.value.hwid };
}

async function codeOf(far: FakeHost): Promise<Auth2FA> {
  const message = await far.hear();
  assert.ok(message.case === "auth2fa");
  return message.value;
}

test("a device that was trusted shows its secret at the next visit, and only then", async () => {
  const kept = rememberingSecrets();
  const first = await arrived(kept);
  assert.equal(first.shown.length, 0);
  await first.far.answer(LoginError.secondFactorRequired, true);
  first.session.enterCode("123 456", true);
  const { code, hwid } = await codeOf(first.far);
  assert.equal(code, "123456");
  assert.equal(hwid.length, 32);
  assert.equal(kept.secrets.size, 0, "not before the host has let us in");
  await first.far.admit();
  assert.deepEqual(kept.secrets.get(PLACE), hwid);
  first.session.close();
  const second = await arrived(kept);
  assert.deepEqual(second.shown, hwid);
  await second.far.admit();
  assert.equal(second.session.state.phase.name, "connected");
  assert.deepEqual(kept.secrets.get(PLACE), hwid);
  second.session.close();
});

test("who does not want to be trusted, or is not offered it, sends a code and nothing else", async () => {
  for (const [offered, wished] of [
    [true, false],
    [false, true],
  ] as const) {
    const kept = rememberingSecrets();
    const { far, session } = await arrived(kept);
    await far.answer(LoginError.secondFactorRequired, offered);
    session.enterCode("123456", wished);
    assert.equal((await codeOf(far)).hwid.length, 0);
    await far.admit();
    assert.equal(kept.secrets.size, 0);
    session.close();
  }
});

test("a place that can't keep a secret does not offer trust", async () => {
  const { far, session, phases } = await arrived();
  await far.answer(LoginError.secondFactorRequired, true);
  assert.equal(phases.at(-1), "code required");
  session.enterCode("123456", true);
  assert.equal((await codeOf(far)).hwid.length, 0);
  session.close();
});

for (const text of [LoginError.secondFactorRequired, LoginError.wrongSecondFactor, LoginError.tryLater]) {
  test(`a code answered with "${text}" leaves no device trusted, though the host lets in later`, async () => {
    const kept = rememberingSecrets();
    const { far, session } = await arrived(kept);
    await far.answer(LoginError.secondFactorRequired, true);
    session.enterCode("000000", true);
    await far.answer(text, true);
    session.enterCode("123456", false);
    await far.admit();
    assert.equal(session.state.phase.name, "connected");
    assert.equal(kept.secrets.size, 0);
    session.close();
  });
}

test("a host that asks for a code in spite of the secret makes us forget it", async () => {
  const kept = rememberingSecrets();
  kept.set(SERVER_KEY, ID, new Uint8Array(32).fill(1));
  const { far, session, shown } = await arrived(kept);
  assert.equal(shown.length, 32);
  await far.answer(LoginError.secondFactorRequired, true);
  assert.equal(kept.secrets.size, 0);
  await far.admit();
  assert.equal(kept.secrets.size, 0, "nor does it come back when the person there lets us in");
  session.close();
});

test("a host whose person is asked after the code may trust the device as well", async () => {
  const kept = rememberingSecrets();
  const { far, session } = await arrived(kept);
  await far.answer(LoginError.secondFactorRequired, true);
  session.enterCode("abcdefghjk", true);
  assert.equal((await codeOf(far)).code, "abcde-fghjk");
  await far.answer(LoginError.waitForAcceptance);
  assert.equal(session.state.phase.name, "waiting-for-acceptance");
  await far.admit();
  assert.equal(kept.secrets.size, 1);
  session.close();
});

test("what is no code stays here, and so does a code that nobody asked for", async () => {
  const { far, session } = await arrived();
  session.enterCode("123456", false);
  await far.answer(LoginError.secondFactorRequired);
  session.enterCode("my secret password", false);
  session.login("k7m3xz");
  assert.equal(session.state.phase.name, "second-factor");
  session.close();
  assert.deepEqual(
    (await far.rest()).map((message) => message.case),
    ["misc"],
  );
});
