import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { nodeRandom } from "@pulpit/crypto-node";
import { type BoundLink, movingToDatagrams } from "@pulpit/link";
import { nodeClock } from "@pulpit/link-node";
import { sameCertificate } from "@pulpit/protocol";
import { type Browser, chromium, type Page } from "playwright-core";
import { build } from "vite";
import { WebRtcHost } from "./webrtc/host.ts";
import type { Viewer } from "./webrtc/page.ts";

declare const viewer: Viewer;

const timeout = 60_000;

/** Nobody is asked for it: what a page of this origin wants, the test gives. */
const ORIGIN = "http://localhost:9";

/** The page and its worker, by their places. */
async function files(): Promise<ReadonlyMap<string, string | Uint8Array>> {
  const entry = fileURLToPath(new URL("./webrtc/page.ts", import.meta.url));
  const built = await build({
    configFile: false,
    logLevel: "error",
    build: { write: false, minify: false, target: "es2024", lib: { entry, formats: ["es"], fileName: "page" } },
  });
  const [result] = Array.isArray(built) ? built : [built];
  assert.ok(result !== undefined && "output" in result);
  const scripts = result.output.map((it) => [`/${it.fileName}`, it.type === "chunk" ? it.code : it.source] as const);
  const start = scripts[0]?.[0];
  return new Map([...scripts, ["/", `<!doctype html><script type="module" src="${start}"></script>`]]);
}

async function serve(page: Page): Promise<void> {
  const all = await files();
  await page.route(`${ORIGIN}/**`, async (route) => {
    const { pathname } = new URL(route.request().url());
    const contentType = pathname === "/" ? "text/html" : "text/javascript";
    await route.fulfill({ contentType, body: Buffer.from(all.get(pathname) ?? "") });
  });
  await page.goto(ORIGIN);
  await page.waitForFunction("globalThis.viewer !== undefined");
}

interface Meeting extends AsyncDisposable {
  readonly page: Page;
  readonly host: WebRtcHost;
  readonly link: BoundLink;
  readonly seen: { path: { transport: string; route: string }; binding: { local: string; remote: string } };
}

/** A page and a host that have met; the test plays the ID server between them. */
async function met(): Promise<Meeting> {
  const browser: Browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--allow-loopback-in-peer-connection"],
  });
  const page = await browser.newPage();
  const host = new WebRtcHost((message) => void page.evaluate((bytes) => viewer.received(bytes), [...message]));
  await page.exposeFunction("toServer", (message: number[]) => host.received(Uint8Array.from(message)));
  await serve(page);
  const offer = await page.evaluate((id) => viewer.begin(id), host.id);
  const [answer, again] = await Promise.all([host.invited(offer), host.invited(offer)]);
  assert.equal(answer, again);
  await page.evaluate((text) => viewer.answered(text), answer);
  const [seen, link] = await Promise.all([page.evaluate(() => viewer.open()), host.opened.promise]);
  return {
    page,
    host,
    link,
    seen: seen as Meeting["seen"],
    async [Symbol.asyncDispose]() {
      await link.close(new Error("over"));
      await host.close();
      await browser.close();
    },
  };
}

test("a browser reaches a host directly, knows who it is, and exchanges messages of every size", {
  timeout,
}, async () => {
  await using meeting = await met();
  const { page, host, link, seen } = meeting;
  assert.equal(seen.path.transport, "webrtc");
  assert.deepEqual([seen.path.route, link.path.route], ["direct", "direct"]);
  assert.ok(sameCertificate(seen.binding.remote, link.binding.local));
  assert.ok(sameCertificate(link.binding.remote, seen.binding.local));

  const [viewers, hosts] = await Promise.all([
    page.evaluate(([id, key]) => viewer.prove(id, key), [host.id, [...host.identity.publicKey]] as const),
    host.prove(link),
  ]);
  assert.deepEqual([viewers, hosts], [{ type: "authenticated" }, { type: "authenticated" }]);

  const sizes = [1, 0, 59_999, 60_000, 60_001, 300_000, 4_000_000, 2];
  const echoed = page.evaluate((list) => viewer.echo(list), sizes);
  link.limit(4_000_000);
  for (const size of sizes) {
    const message = await link.receive();
    assert.equal(message?.length, size);
    await link.send(message as Uint8Array);
  }
  assert.equal(await echoed, 0);

  await link.send(new Uint8Array(7));
  const closed = link.close();
  assert.equal(await page.evaluate(() => viewer.next()), 7);
  assert.equal(await page.evaluate(() => viewer.next()), undefined);
  await closed;
});

test("a browser refuses a host whose proof is for another connection, and what it sends before closing arrives", {
  timeout,
}, async () => {
  await using meeting = await met();
  const { page, host, link } = meeting;
  // What the viewer gets when somebody between the two has put his own certificate into the offer and the answer.
  const other = `sha-256 ${Array.from({ length: 32 }, () => "AA").join(":")}`;
  const proof = host.prove(link, other).catch((error: unknown) => (error as { code: string }).code);
  const outcome = await page.evaluate(([id, key]) => viewer.prove(id, key), [
    host.id,
    [...host.identity.publicKey],
  ] as const);
  assert.deepEqual(outcome, { type: "refused", why: "wrong-certificate" });
  await page.evaluate(() => viewer.close());
  assert.equal(await proof, "closed");
});

test("a browser and a host go over to datagrams, in which nothing is lost, and end there", { timeout }, async () => {
  await using meeting = await met();
  const { page, link } = meeting;
  let onChannel = 0;
  const counted = <Message extends Uint8Array | undefined>(message: Message): Message => {
    onChannel += message?.length ?? 0;
    return message;
  };
  const [receive, send] = [link.receive.bind(link), link.send.bind(link)];
  link.receive = async () => counted(await receive());
  link.send = (message) => send(counted(message));
  assert.ok(link.openDatagrams);
  const world = { clock: nodeClock(), random: nodeRandom() };
  const host = movingToDatagrams(link, link.openDatagrams, { role: "called", ...world });
  host.limit(4_000_000);
  await page.evaluate(() => viewer.move());

  const echo = async (sizes: readonly number[]): Promise<void> => {
    const echoed = page.evaluate((list) => viewer.echo(list), sizes);
    for (const size of sizes) {
      const message = await host.receive();
      assert.equal(message?.length, size);
      await host.send(message as Uint8Array);
    }
    assert.equal(await echoed, 0);
  };
  for (let before = -1; before !== onChannel; ) {
    before = onChannel;
    await echo([1]);
  }
  const moved = onChannel;
  await echo([0, 1, 60_001, 1_000_000, ...new Array<number>(10).fill(100_000)]);
  assert.equal(onChannel, moved);

  await page.evaluate(() => viewer.close());
  assert.equal(await host.receive(), undefined);
  await host.close();
});
