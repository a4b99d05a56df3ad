import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { nodeCrypto, nodeRandom } from "@pulpit/crypto-node";
import { type BoundLink, drive, LinkError, LinkSource, type WebRtcConnection } from "@pulpit/link";
import { answerWebRtc, nodeClock, offerWebRtc } from "@pulpit/link-node";
import {
  type Candidate,
  certificateIn,
  sameCertificate,
  type WebRtcHandshakeEffect,
  WebRtcHostHandshake,
  WebRtcViewerHandshake,
} from "@pulpit/protocol";
import { decodeMessage, encodeMessage } from "@pulpit/wire";

const timeout = 30_000;
const crypto = nodeCrypto();
const random = nodeRandom();
const identity = crypto.signKeyPair(random.bytes(32));
const ID = "123456789";

type Changes = Partial<Parameters<typeof offerWebRtc>[0]>;

const options = (
  gathered: (candidate: Candidate) => void,
  changes: Changes = {},
): Parameters<typeof offerWebRtc>[0] => ({
  iceServers: [],
  policy: "all",
  bindAddress: "127.0.0.1",
  limit: 1024 * 1024,
  signal: new AbortController().signal,
  gathered,
  ...changes,
});

/** Two ends, made to know each other; `rewritten`: what becomes of the answer on its way. */
async function joined(
  changes: Changes = {},
  rewritten: (answer: string) => string = (answer) => answer,
): Promise<[WebRtcConnection, WebRtcConnection]> {
  const host = Promise.withResolvers<WebRtcConnection>();
  const ready = Promise.withResolvers<WebRtcConnection>();
  const viewer = await offerWebRtc(options((candidate) => void host.promise.then((it) => it.add(candidate)), changes));
  const other = await answerWebRtc(
    viewer.description,
    options((candidate) => void ready.promise.then((it) => it.add(candidate))),
  );
  host.resolve(other);
  await viewer.accept(rewritten(other.description));
  ready.resolve(viewer);
  return [viewer, other];
}

async function opened(): Promise<[BoundLink, BoundLink]> {
  const [viewer, host] = await joined();
  return Promise.all([viewer.opened, host.opened]);
}

const failsWith = (code: string) => (error: unknown) => error instanceof LinkError && error.code === code;

function prove(link: BoundLink, machine: WebRtcViewerHandshake | WebRtcHostHandshake): Promise<unknown> {
  const source = new LinkSource(link, (bytes) => ({ type: "received", message: decodeMessage(bytes) }) as const);
  const perform = (effect: WebRtcHandshakeEffect): void => {
    if (effect.type === "send") void link.send(encodeMessage(effect.message));
  };
  return drive(machine, { type: "start" }, { source, clock: nodeClock(), perform });
}

const viewerOf = (link: BoundLink): WebRtcViewerHandshake =>
  new WebRtcViewerHandshake({
    crypto,
    hostId: ID,
    hostKey: identity.publicKey,
    certificate: link.binding.remote,
    box: crypto.boxKeyPair(random.bytes(32)),
    sessionKey: random.bytes(32),
  });
const hostOf = (link: BoundLink): WebRtcHostHandshake =>
  new WebRtcHostHandshake({
    crypto,
    id: ID,
    identity,
    certificate: link.binding.local,
    box: crypto.boxKeyPair(random.bytes(32)),
  });

test("both ends know the same two certificates and prove it; what was said last before a close arrives", {
  timeout,
}, async () => {
  const [viewer, host] = await opened();
  assert.equal(viewer.path.route, "direct");
  assert.match(viewer.path.remote, /^127\.0\.0\.1:\d+$/);
  assert.ok(sameCertificate(viewer.binding.remote, host.binding.local));
  assert.ok(sameCertificate(host.binding.remote, viewer.binding.local));
  assert.equal(sameCertificate(viewer.binding.remote, viewer.binding.local), false);
  const ends = await Promise.all([prove(viewer, viewerOf(viewer)), prove(host, hostOf(host))]);
  assert.deepEqual(ends, [{ type: "authenticated" }, { type: "authenticated" }]);
  await host.send(Uint8Array.of(1, 2, 3));
  const closed = host.close();
  assert.equal((await viewer.receive())?.length, 3);
  assert.equal(await viewer.receive(), undefined);
  await closed;
});

test("somebody in the middle of two connections, who passes everything on, gets no session", { timeout }, async () => {
  const [viewer, towardsViewer] = await opened();
  const [towardsHost, host] = await opened();
  const passing = (async () => {
    await towardsViewer.send((await towardsHost.receive()) as Uint8Array);
    return towardsViewer.receive();
  })();
  const proof = prove(host, hostOf(host)).catch((error: unknown) => error);
  assert.deepEqual(await prove(viewer, viewerOf(viewer)), { type: "refused", why: "wrong-certificate" });
  await viewer.close();
  assert.equal(await passing, undefined);
  await towardsHost.close();
  assert.ok((await proof) instanceof LinkError);
});

test("an answer with a foreign fingerprint never becomes a link", { timeout }, async () => {
  const aborter = new AbortController();
  const [viewer, host] = await joined({ signal: aborter.signal }, (answer) => {
    const [before, first] = /a=fingerprint:sha-256 (..)/.exec(answer) ?? [];
    return answer.replace(before as string, `a=fingerprint:sha-256 ${first === "00" ? "01" : "00"}`);
  });
  const ends = Promise.allSettled([viewer.opened, host.opened]);
  await Promise.race([viewer.opened.catch(() => undefined), host.opened.catch(() => undefined)]);
  aborter.abort();
  host.close();
  assert.deepEqual(
    (await ends).map(({ status }) => status),
    ["rejected", "rejected"],
  );
});

test("opening ends with a change of mind, with time, and with an answer that is none", { timeout }, async (context) => {
  const aborter = new AbortController();
  const aborted = await offerWebRtc(options(() => undefined, { signal: aborter.signal }));
  aborter.abort();
  await assert.rejects(aborted.opened, failsWith("aborted"));
  await assert.rejects(offerWebRtc(options(() => undefined, { signal: aborter.signal })), failsWith("aborted"));

  const garbled = await offerWebRtc(options(() => undefined));
  await assert.rejects(garbled.accept("nonsense"), failsWith("malformed"));
  await assert.rejects(garbled.opened, failsWith("malformed"));
  await assert.rejects(
    answerWebRtc(
      "nonsense",
      options(() => undefined),
    ),
    failsWith("malformed"),
  );

  context.mock.timers.enable({ apis: ["setTimeout"] });
  const lonely = await offerWebRtc(options(() => undefined));
  context.mock.timers.tick(17_999);
  let ended = false;
  lonely.opened.catch(() => {
    ended = true;
  });
  await new Promise(setImmediate);
  assert.equal(ended, false);
  context.mock.timers.tick(1);
  await assert.rejects(lonely.opened, failsWith("timed-out"));
  lonely.close();
});

test("the offer carries no candidates and one certificate, so it fits into a datagram", { timeout }, async () => {
  const viewer = await offerWebRtc(options(() => undefined));
  assert.equal(viewer.description.includes("candidate:"), false);
  assert.notEqual(certificateIn(viewer.description), "");
  assert.ok(viewer.description.length < 800);
  viewer.close();
  await assert.rejects(viewer.opened, failsWith("closed"));
});

test("a connection that nobody but its reader knows survives the garbage collector", { timeout }, async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const [viewer, message] = await (async () => {
    const [a, b] = await opened();
    return [a, b.receive()] as const;
  })();
  for (let i = 0; i < 5; i++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await viewer.send(Uint8Array.of(9));
  assert.deepEqual([...((await message) as Uint8Array)], [9]);
  await viewer.close(new Error("over"));
});
