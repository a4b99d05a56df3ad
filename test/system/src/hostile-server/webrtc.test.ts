import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { nodeRandom } from "@pulpit/crypto-node";
import type { HostWays } from "@pulpit/host";
import { nodeHostWays, nodeViewerWays } from "@pulpit/ways-node";
import { decodeMessage, type ServerMessageInit } from "@pulpit/wire";
import { connected, endCode, ended, lookAt } from "../node-viewer.ts";
import { type SharedHost, startHost, startServers } from "../world.ts";
import { addressOf, fingerprintOf, flood, otherOffer } from "./forged-call.ts";
import { LyingServer } from "./lying-server.ts";
import { ManInTheMiddle } from "./man-in-the-middle.ts";
import { stillDesktop } from "./still-desktop.ts";
import { udpVictim } from "./strangers.ts";

const timeout = 20_000;
/** Of one address, in a flood of candidates; and candidates of one connection that are taken (core/protocol). */
const OFFERS = 4;
const MAX_CANDIDATES = 64;
/** A connectivity check takes less (RFC 8445, section 7.2.2), bytes. */
const MAX_CHECK = 128;
const options = { random: nodeRandom(), iceServers: [] };
const { webrtc } = nodeViewerWays(options);
const ways = webrtc === undefined ? {} : { webrtc };
const stack = new AsyncDisposableStack();
let liar: LyingServer;
let host: SharedHost;
/** Connections that the host has begun to make. */
let built = 0;

before(async () => {
  const servers = stack.use(await startServers());
  liar = stack.use(await LyingServer.start(servers));
  host = stack.use(await startHost(liar.servers, stillDesktop(), { ways: counting() }));
});
after(() => stack.disposeAsync());
beforeEach(() => {
  liar.lie = () => "truth";
  liar.seen.length = 0;
});

/** WebRTC alone. */
function counting(): HostWays {
  const { webrtc: build } = nodeHostWays(options);
  if (build === undefined) return {};
  return {
    webrtc: (...offered) => {
      built += 1;
      return build(...offered);
    },
  };
}

/** How a viewer gets to the host, or how it ends; the relay waits, for one connection in ten takes seconds to open. */
async function lookedAt(relayAfter = 10_000): Promise<string> {
  const viewer = lookAt(liar.servers, host.id, { password: await host.freshPassword(), tcp: true, ways, relayAfter });
  const state = await viewer.until((now) => connected(now) || ended(now));
  viewer.session.close();
  if (!connected(state)) return `${endCode(state)}`;
  await viewer.until(ended);
  return `${state.connection?.path.transport} ${state.connection?.path.route}`;
}

/** Puts it into every offer to a host and every answer to a viewer. */
function between(middle: ManInTheMiddle): LyingServer["lie"] {
  return async ({ message, from }): Promise<ServerMessageInit> => {
    const { value } = message;
    if (message.case === "punchHoleRequest" && message.value.webrtcSdpOffer !== "") {
      const webrtcSdpOffer = await middle.offer(message.value.webrtcSdpOffer);
      return { case: message.case, value: { ...message.value, webrtcSdpOffer } } as ServerMessageInit;
    }
    const isAnswer = message.case === "punchHoleResponse" || message.case === "relayResponse";
    if (isAnswer && from === "server" && message.value.webrtcSdpAnswer !== "") {
      const webrtcSdpAnswer = await middle.answer(message.value.webrtcSdpAnswer);
      return { case: message.case, value: { ...message.value, webrtcSdpAnswer } } as ServerMessageInit;
    }
    return { case: message.case, value } as ServerMessageInit;
  };
}

test("with a server that tells the truth the viewer comes by WebRTC", { timeout }, async () => {
  assert.equal(await lookedAt(), "webrtc direct");
});

test("whoever swaps both descriptions carries a proof that is not for him, and hears no login", {
  timeout: 3 * timeout,
}, async () => {
  // On a busy machine a connection of his may fail to open; he tries again.
  for (let attempt = 1; ; attempt++) {
    await using middle = new ManInTheMiddle();
    liar.lie = between(middle);
    assert.equal(await lookedAt(5_000), "websocket relay");
    const got = await middle.between;
    await middle.left;
    assert.deepEqual(middle.fromViewer, []);
    if (!got) {
      assert.ok(attempt < 6, "he never came between the two");
      continue;
    }
    // The host did prove who it is, and the viewer did look.
    const heard = middle.fromHost.map((bytes) => decodeMessage(bytes).case);
    assert.deepEqual(heard, ["signedId"]);
    return;
  }
});

test("a call that is repeated, also as somebody else's, makes no second connection and no second session", {
  timeout,
}, async () => {
  const viewer = lookAt(liar.servers, host.id, { password: await host.freshPassword(), tcp: true, ways });
  await viewer.until(connected);
  const call = liar.lastCall;
  const before = built;
  const joined = entries();
  const calls = Array.from({ length: 100 }, (_, i): ServerMessageInit => {
    // In between it is from another viewer, so that none passes for a repetition of the one before.
    const socketAddr = i % 2 === 0 ? call.socketAddr : addressOf("127.0.0.3", 1000 + i);
    return { case: "punchHole", value: { ...call, socketAddr } as ServerMessageInit["value"] } as ServerMessageInit;
  });
  await flood(liar, host, calls);
  assert.equal(built, before);
  assert.equal(entries(), joined);
  assert.equal(host.reception.sessions.length, 1);
  viewer.session.close();
  await viewer.until(ended);
});

test("offers that come to nothing are answered twice for one viewer's address, and eight times in all", {
  timeout,
}, async () => {
  assert.equal(await lookedAt(), "webrtc direct");
  const { webrtcSdpOffer } = liar.lastCall;
  liar.expectHost();
  await using fresh = await startHost(liar.servers, stillDesktop(), { ways: counting() });
  const before = built;
  let offers = 0;
  const offering = (address: string): ServerMessageInit => {
    offers += 1;
    const value = { socketAddr: addressOf(address, 1000 + offers), webrtcSdpOffer: otherOffer(webrtcSdpOffer, offers) };
    return { case: "punchHole", value };
  };
  await flood(
    liar,
    fresh,
    Array.from({ length: 20 }, () => offering("127.0.0.3")),
  );
  assert.equal(built - before, 2);
  await flood(
    liar,
    fresh,
    Array.from({ length: 40 }, (_, i) => offering(`127.0.1.${i}`)),
  );
  assert.equal(built - before, 8);
});

test("candidates that point at somebody else bring him small checks from as many sockets, and no more", {
  timeout,
}, async () => {
  assert.equal(await lookedAt(), "webrtc direct");
  const { webrtcSdpOffer } = liar.lastCall;
  liar.expectHost();
  await using victim = await udpVictim();
  await using fresh = await startHost(liar.servers, stillDesktop(), { ways: counting() });
  for (let offer = 1; offer <= OFFERS; offer++) {
    const value = { socketAddr: addressOf("127.0.0.3", offer), webrtcSdpOffer: otherOffer(webrtcSdpOffer, offer) };
    const candidates = Array.from({ length: 2 * MAX_CANDIDATES }, (_, i): ServerMessageInit => {
      const candidate = `candidate:${i} 1 UDP ${2_122_317_823 - i} ${victim.host} ${victim.port} typ host`;
      const text = JSON.stringify({ candidate, sdpMid: "0", sdpMLineIndex: 0, usernameFragment: null });
      return { case: "iceCandidate", value: { sessionKey: fingerprintOf(offer), candidate: text } };
    });
    await flood(liar, fresh, [{ case: "punchHole", value }, ...candidates]);
  }
  await victim.hit(20);
  const from = new Set(victim.hits.map((hit) => hit.from));
  assert.ok(from.size <= 2, `${from.size} sockets`);
  assert.ok(victim.hits.every(({ length }) => length <= MAX_CHECK));
});

const entries = (): number => host.events.filter(({ type }) => type === "viewerJoined").length;
