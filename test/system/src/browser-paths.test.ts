import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { nodeRandom } from "@pulpit/crypto-node";
import { nodeHostWays } from "@pulpit/ways-node";
import { type Browser, chromium, type Page } from "playwright-core";
import { logIn, placeOf } from "./browser.ts";
import { type Servers, type SharedHost, startDesktop, startHost, startServers } from "./world.ts";
import { pressedKeys } from "./x-state.ts";

const SIZE = { width: 640, height: 480 };
const timeout = 60_000;
const stack = new AsyncDisposableStack();
const folder = mkdtempSync(join(tmpdir(), "pulpit-browser-paths-"));
let servers: Servers;
let shared: Awaited<ReturnType<typeof startDesktop>>;
/** Can be met by WebRTC. */
let host: SharedHost;
/** Only comes to the relay. */
let plainHost: SharedHost;
let browser: Browser;

before(async () => {
  servers = stack.use(await startServers());
  shared = stack.use(await startDesktop({ ...SIZE, bare: true }));
  host = stack.use(
    await startHost(servers, shared.desktop, { ways: nodeHostWays({ random: nodeRandom(), iceServers: [] }) }),
  );
  plainHost = stack.use(await startHost(servers, shared.desktop));
  browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    // Both ends are on this computer, where a browser would otherwise look for nobody.
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--allow-loopback-in-peer-connection"],
  });
  stack.defer(() => browser.close());
  stack.defer(() => rmSync(folder, { recursive: true }));
});
after(() => stack.disposeAsync());

async function until(what: string, done: () => boolean | Promise<boolean>, looks = 300): Promise<void> {
  for (let i = 0; !(await done()); i++) {
    if (i > looks) assert.fail(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A fresh browser; its session is over, and the host knows, when the test ends. */
async function freshPage(t: { after(fn: () => Promise<void>): void }): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1100, height: 760 }, locale: "en" });
  t.after(() => context.close());
  return context.newPage();
}

/**
 * The relay as one that is far away, so that how busy this machine is does not decide who is first. It would still be
 * taken, were there no other way.
 */
async function farRelay(page: Page): Promise<void> {
  await page.routeWebSocket(/\/ws\/relay$/, async (socket) => {
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    if (!page.isClosed()) socket.connectToServer();
  });
}

/** What the badge says about the way, and about the ways not taken. */
async function badge(page: Page): Promise<{ path: string; transport: string; ways: Record<string, string> }> {
  await page.getByRole("button", { name: /fps/ }).click();
  await page.getByText("Every way to the other computer").click();
  const cell = async (name: string): Promise<string> =>
    (await page.getByRole("row", { name, exact: false }).getByRole("cell").first().textContent()) ?? "";
  const terms = page.locator(".ways dl > div");
  const ways: Record<string, string> = {};
  for (const row of await terms.all()) {
    ways[(await row.locator("dt").textContent()) ?? ""] = (await row.locator("dd").textContent()) ?? "";
  }
  const found = { path: await cell("Path"), transport: await cell("Transport"), ways };
  // Until it has gone it lies over the desktop.
  await page.keyboard.press("Escape");
  await page.getByRole("row", { name: "Path" }).waitFor({ state: "hidden" });
  return found;
}

test("a page meets the host by WebRTC, says so, and the relay carries not one byte of the session", {
  timeout,
}, async (t) => {
  const page = await freshPage(t);
  await farRelay(page);
  await logIn(page, servers.url, host.id, await host.freshPassword());
  assert.deepEqual(await badge(page), {
    path: "Straight to the other computer",
    transport: "WebRTC",
    ways: { WebRTC: "In use", relay: "Not needed: there was a direct way" },
  });
  // Where WebRTC took a moment the relay was asked for as well; it got no further than the proof of who is there.
  await until("nobody on the relay", () => servers.relay.usage().length === 0);
  const { bytes } = servers.relay.stats();
  assert.ok(bytes < 1024, `${bytes} bytes over the relay`);

  const file = join(folder, "typed");
  writeFileSync(file, "");
  const script = `exec > ${file}; stty -echo raw; echo ready; cat`;
  const xterm = spawn("xterm", ["-u8", "-geometry", "120x40+0+0", "-e", "sh", "-c", script], {
    env: { ...process.env, DISPLAY: shared.display, LC_ALL: "C.UTF-8" },
    stdio: "ignore",
  });
  t.after(() => void xterm.kill());
  const content = (): string => readFileSync(file, "utf8");
  await until("the terminal", () => content().includes("ready"));
  const at = await placeOf(page, 200, 150, SIZE);
  await page.mouse.click(at.x, at.y);
  const text = "Zażółć gęślą jaźń, directly";
  await page.keyboard.type(text);
  await until("the text", () => content().endsWith(text));

  assert.equal(servers.relay.stats().bytes, bytes);
  assert.deepEqual(servers.relay.usage(), []);
});

test("a tab that is closed over WebRTC says so: the host lets go of its keys and knows that it left", {
  timeout,
}, async (t) => {
  const page = await freshPage(t);
  await farRelay(page);
  await logIn(page, servers.url, host.id, await host.freshPassword());
  assert.equal((await badge(page)).transport, "WebRTC");
  const at = await placeOf(page, 320, 240, SIZE);
  await page.mouse.click(at.x, at.y);
  await page.keyboard.down("Shift");
  await until("the key is down", async () => (await pressedKeys(shared.display)) === 1);
  const gone = (): number => host.events.filter(({ type }) => type === "viewerLeft").length;
  const before = gone();
  await page.close();
  // Without a word of the page the host takes more than twice as long to find out.
  await until("the host knows", () => gone() > before, 120);
  assert.equal(await pressedKeys(shared.display), 0);
});

test("switched off in the settings, it is the relay, and the badge says that it was wanted so", {
  timeout,
}, async (t) => {
  const before = servers.relay.stats().bytes;
  const page = await freshPage(t);
  await page.goto(servers.url);
  await page.getByRole("button", { name: "Settings" }).click();
  await page.getByLabel("Only through the relay").click();
  await logIn(page, servers.url, host.id, await host.freshPassword());
  assert.deepEqual(await badge(page), {
    path: "Through the relay, which can't read it",
    transport: "WebSocket",
    ways: { WebRTC: "Not tried: you want only the relay", relay: "In use" },
  });
  assert.ok(servers.relay.stats().bytes > before);
});

test("an ID with /r takes the relay this once", { timeout }, async (t) => {
  const page = await freshPage(t);
  await logIn(page, servers.url, `${host.id}/r`, await host.freshPassword());
  assert.equal((await badge(page)).transport, "WebSocket");
});

test("a host that does not offer WebRTC is met on the relay soon, and without an error", { timeout }, async (t) => {
  const page = await freshPage(t);
  const errors: string[] = [];
  page.on("pageerror", ({ message }) => errors.push(message));
  page.on("console", (message) => void (message.type() === "error" && errors.push(message.text())));
  await logIn(page, servers.url, plainHost.id, await plainHost.freshPassword());
  assert.deepEqual(await badge(page), {
    path: "Through the relay, which can't read it",
    transport: "WebSocket",
    ways: { WebRTC: "Not offered by one of the two sides", relay: "In use" },
  });
  assert.deepEqual(errors, []);
});

test("a link fills in the field and connects nobody; its password is dropped, and said so", { timeout }, async (t) => {
  const page = await freshPage(t);
  const link = encodeURIComponent(`rustdesk://connection/new/${host.id}/r`);
  await page.goto(`${servers.url}/?id=${link}&password=secret`);
  const field = page.getByLabel("ID of the other computer");
  assert.equal(await field.inputValue(), `${host.id}/r`);
  await page.getByText("The link held a password. It was dropped").waitFor();
  assert.equal(page.url(), `${servers.url}/`);

  await field.fill("123456789@elsewhere.example");
  await page.getByRole("button", { name: "Connect" }).click();
  await page.getByText("For elsewhere.example, open the page of that server").waitFor();
  await field.fill("192.168.7.7");
  await page.getByText("can’t go to an address like 192.168.7.7").waitFor();
  assert.equal(page.url(), `${servers.url}/`);
});
