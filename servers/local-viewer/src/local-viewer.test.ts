import assert from "node:assert/strict";
import { test } from "node:test";
import { type Link, LinkError, memoryLinks } from "@pulpit/link";
import { type BridgeWish, Ended, type Reach } from "@pulpit/viewer";
import { GREETING, pageIn, runningViewer, Tab } from "../test/running-viewer.ts";
import { MAX_VISITS } from "./limits.ts";

const WISH: BridgeWish = { relayOnly: false, avoid: [] };

/** A host in memory: its end of the link is given to whoever waits. */
function hostInMemory(): { readonly reach: Reach; readonly far: Promise<Link> } {
  const far = Promise.withResolvers<Link>();
  const reach: Reach = async (steps) => {
    steps.found(["address"]);
    steps.up();
    const [near, other] = memoryLinks();
    far.resolve(other);
    const host = { name: "address", hostId: "123456789", encrypted: true, hostKey: new Uint8Array(32) };
    return { link: near, ...host, ways: [{ name: "address", outcome: "won" }] };
  };
  return { reach, far: far.promise };
}

test("a page that is let in hears whom it is there for, and what it wants is done and told", async (t) => {
  const wishes: BridgeWish[] = [];
  const { reach, far } = hostInMemory();
  const { viewer, pages } = await runningViewer(t, (wish) => {
    wishes.push(wish);
    return reach;
  });
  const { page, key } = await pageIn(viewer);
  assert.deepEqual(pages, [1]);
  const again = new Tab(viewer, "page", { key });
  assert.deepEqual(await again.nextJson(), { ...GREETING, key });

  const accepted = Array.from({ length: 16 }, () => "00ff").join(" ");
  const wish = { relayOnly: true, avoid: ["udp"], accepted };
  const visit = new Tab(viewer, "visit", { key }, wish);
  assert.deepEqual(await visit.nextJson(), { type: "found", trying: ["address"] });
  assert.deepEqual(await visit.nextJson(), { type: "up" });
  const reached = await visit.nextJson();
  assert.deepEqual([reached.type, reached.hostId, reached.hostKey], ["reached", "123456789", "00".repeat(32)]);
  assert.deepEqual(wishes, [wish]);

  const host = await far;
  await host.send(Uint8Array.of(1, 2, 3));
  assert.deepEqual(Uint8Array.from((await visit.next()) as Buffer), Uint8Array.of(1, 2, 3));
  visit.socket.send(Uint8Array.of(4, 5));
  assert.deepEqual(Uint8Array.from((await host.receive()) as Uint8Array), Uint8Array.of(4, 5));
  visit.socket.close();
  assert.equal(await host.receive(), undefined);
  page.socket.close();
  again.socket.close();
  await Promise.all([page.closed, again.closed]);
});

test("nothing is reached for who is not let in, nor for a wish that is none", async (t) => {
  const { viewer } = await runningViewer(t, () => assert.fail("something was reached"));
  const stranger = new Tab(viewer, "visit", { key: "guessed" }, WISH);
  assert.equal(await stranger.closed, 4001);
  assert.equal(await new Tab(viewer, "page", { token: "guessed" }).closed, 4001);
  const { key } = await pageIn(viewer);
  for (const wrong of ["", "{", JSON.stringify({ ...WISH, avoid: ["../"] })]) {
    assert.equal(await new Tab(viewer, "visit", { key }, wrong).closed, 1006);
  }
});

test("why a host was not reached is told in the words of the viewer, and never thrown", async (t) => {
  for (const [error, code] of [
    [new Ended({ code: "key-unknown", offered: "01ab" }), "key-unknown"],
    [new LinkError("refused"), "server-unreachable"],
  ] as const) {
    const { viewer } = await runningViewer(t, () => async () => {
      throw error;
    });
    const { key } = await pageIn(viewer);
    const visit = new Tab(viewer, "visit", { key }, WISH);
    const { type, end } = (await visit.nextJson()) as { type: string; end: { code: string } };
    assert.deepEqual([type, end.code], ["ended", code]);
    assert.equal(await visit.closed, 1000);
  }
});

test("an attempt is given up when its page goes, and visits are bounded", async (t) => {
  const started: AbortSignal[] = [];
  const { viewer } = await runningViewer(t, () => (_steps, signal) => {
    started.push(signal);
    return new Promise((_, reject) => signal.addEventListener("abort", () => reject(new LinkError("aborted"))));
  });
  const { key } = await pageIn(viewer);
  const visits = Array.from({ length: MAX_VISITS }, () => new Tab(viewer, "visit", { key }, WISH));
  while (started.length < MAX_VISITS) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(await new Tab(viewer, "visit", { key }, WISH).closed, 4002);
  for (const visit of visits) visit.socket.terminate();
  while (started.some(({ aborted }) => !aborted)) await new Promise((resolve) => setTimeout(resolve, 5));
});

test("the page learns from its own program that there is no server, and may decode", async (t) => {
  const { viewer } = await runningViewer(t, () => assert.fail("something was reached"));
  const at = `http://127.0.0.1:${viewer.port}`;
  assert.deepEqual(await (await fetch(`${at}/config.json`)).json(), { bridge: true });
  const policy = (await fetch(at)).headers.get("content-security-policy") ?? "";
  assert.match(policy, /worker-src 'self' blob:/);
  assert.match(policy, /connect-src 'self';/);
});
