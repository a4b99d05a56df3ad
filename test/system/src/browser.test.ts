import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { openX11Screen } from "@pulpit/desktop-linux";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { ssim } from "ssim.js";
import { logIn, type Pixels, placeOf, remotePicture, startBrowser } from "./browser.ts";
import { type Servers, type SharedHost, startDesktop, startHost, startServers } from "./world.ts";
import { pointerOf, pressedKeys } from "./x-state.ts";

const SIZE = { width: 1024, height: 640 };
const stack = new AsyncDisposableStack();
const folder = mkdtempSync(join(tmpdir(), "pulpit-browser-"));
let servers: Servers;
let shared: Awaited<ReturnType<typeof startDesktop>>;
let host: SharedHost;
let browser: Browser;

before(async () => {
  servers = stack.use(await startServers());
  shared = stack.use(await startDesktop({ ...SIZE, bare: true }));
  host = stack.use(await startHost(servers, shared.desktop));
  browser = await startBrowser();
  stack.defer(() => browser.close());
  stack.defer(() => rmSync(folder, { recursive: true }));
});
after(() => stack.disposeAsync());

async function until(what: string, done: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; !(await done()); i++) {
    if (i > 300) assert.fail(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A page with a session in it; closed after the test. */
async function session(
  t: { after(fn: () => Promise<void>): void },
  options: BrowserContextOptions = {},
): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1100, height: 760 }, locale: "en", ...options });
  t.after(() => context.close());
  const page = await context.newPage();
  await logIn(page, servers.url, host.id, await host.freshPassword());
  return page;
}

/** A terminal that fills the desktop and writes what it is told into a file. */
async function terminal(t: { after(fn: () => void): void }, name: string, script: string): Promise<() => string> {
  const file = join(folder, name);
  writeFileSync(file, "");
  const command = `exec > ${file}; stty -echo raw; echo ready; ${script}`;
  const xterm = spawn(
    "xterm",
    ["-u8", "-xrm", "*metaSendsEscape: true", "-geometry", "120x40+0+0", "-e", "sh", "-c", command],
    {
      env: { ...process.env, DISPLAY: shared.display, LC_ALL: "C.UTF-8" },
      stdio: "ignore",
    },
  );
  t.after(() => void xterm.kill());
  const content = (): string => readFileSync(file, "utf8");
  await until("the terminal", () => content().includes("ready"));
  return () => content().slice(content().indexOf("ready") + 6);
}

/** The X display as it really is. */
async function truth(): Promise<Pixels> {
  await using screen = await openX11Screen({ display: shared.display, area: { x: 0, y: 0, ...SIZE } });
  const grab = await screen.grab();
  assert.ok(grab);
  const data = new Uint8ClampedArray(SIZE.width * SIZE.height * 4);
  for (let i = 0; i < data.length; i += 4) {
    data.set([grab.pixels[i + 2] as number, grab.pixels[i + 1] as number, grab.pixels[i] as number, 255], i);
  }
  return { ...SIZE, data };
}

test("the picture is the desktop, in every codec the browser decodes", async (t) => {
  const xterm = spawn(
    "xterm",
    [
      "-fa",
      "DejaVu Sans Mono",
      "-fs",
      "11",
      "-geometry",
      "110x32+10+10",
      "-e",
      "sh",
      "-c",
      "ls -la --color=always /etc /usr | head -60; sleep 600",
    ],
    {
      env: { ...process.env, DISPLAY: shared.display },
      stdio: "ignore",
    },
  );
  t.after(() => void xterm.kill());
  const page = await session(t);
  for (const codec of ["H264", "VP9", "AV1", "VP8"]) {
    await page.getByRole("button", { name: "Video codec" }).click();
    await page.getByRole("menuitemradio", { name: codec, exact: true }).click();
    await page.getByRole("button", { name: /fps/ }).click();
    await until(
      `${codec} in the badge`,
      async () => (await page.getByRole("row", { name: "Codec" }).textContent())?.includes(codec) === true,
    );
    await page.getByRole("button", { name: /fps/ }).click();
    let best = 0;
    await until(`SSIM of ${codec}, best ${best}`, async () => {
      best = ssim((await remotePicture(page)) as never, (await truth()) as never).mssim;
      return best >= 0.95;
    });
    t.diagnostic(`${codec}: SSIM ${best.toFixed(4)}`);
  }
});

test("what is typed arrives exactly", async (t) => {
  const read = await terminal(t, "typed", "cat");
  const page = await session(t);
  const at = await placeOf(page, 300, 200, SIZE);
  await page.mouse.click(at.x, at.y);
  const text = "Zażółć gęślą jaźń €@# ~{}|\\ aB1!";
  await page.keyboard.type(text);
  await until("the text", () => read() === text).catch(() => assert.equal(read(), text));
});

test("Ctrl, Alt and Shift combinations arrive as such", async (t) => {
  const read = await terminal(t, "combinations", "cat");
  const page = await session(t);
  const at = await placeOf(page, 300, 200, SIZE);
  await page.mouse.click(at.x, at.y);
  for (const chord of [
    "Control+a",
    "Control+z",
    "Alt+x",
    "Shift+Tab",
    "ArrowUp",
    "Shift+ArrowRight",
    "Control+ArrowLeft",
    "F5",
    "Delete",
    "Enter",
  ]) {
    await page.keyboard.press(chord);
  }
  const expected = "\x01\x1a\x1bx\x1b[Z\x1b[A\x1b[1;2C\x1b[1;5D\x1b[15~\x1b[3~\r";
  await until("the keys", () => read() === expected).catch(() =>
    assert.equal(JSON.stringify(read()), JSON.stringify(expected)),
  );
  assert.equal(await pressedKeys(shared.display), 0);
});

for (const [name, options, fit] of [
  ["a window of the usual size", { viewport: { width: 1100, height: 760 } }, "contain"],
  ["a small window", { viewport: { width: 500, height: 700 } }, "contain"],
  [
    "a screen with two device pixels for one",
    { viewport: { width: 800, height: 600 }, deviceScaleFactor: 2 },
    "contain",
  ],
  ["original size", { viewport: { width: 1300, height: 900 } }, "original"],
] as const) {
  test(`clicks land on the exact pixel: ${name}`, async (t) => {
    const page = await session(t, options);
    if (fit === "original") await page.getByRole("button", { name: "Original size" }).click();
    // The tools cover the upper edge; they can be put away.
    await page.getByRole("button", { name: "Hide the tools" }).click();
    for (const [x, y] of [
      [0, 60],
      [1023, 60],
      [0, 639],
      [1023, 639],
      [517, 333],
    ] as const) {
      const at = await placeOf(page, x, y, SIZE);
      await page.mouse.move(at.x, at.y);
      let seen: [number, number] = [-1, -1];
      await until("the pointer", async () => {
        seen = await pointerOf(shared.display);
        return seen[0] === x && seen[1] === y;
      }).catch(() => assert.deepEqual(seen, [x, y]));
    }
  });
}

test("the wheel scrolls, both ways", async (t) => {
  const read = await terminal(t, "wheel", "printf '\\033[?1000h\\033[?1006h' > /dev/tty; cat");
  const page = await session(t);
  const at = await placeOf(page, 200, 150, SIZE);
  await page.mouse.move(at.x, at.y);
  await page.mouse.wheel(0, 100);
  await page.mouse.wheel(0, -100);
  // xterm reports button 65 for down and 64 for up.
  await until("the clicks", () => /\[<65;.*\[<64;/s.test(read())).catch(() => assert.match(read(), /\[<65;.*\[<64;/s));
});

test("the pointer takes the shape it has on the desktop", async (t) => {
  await terminal(t, "cursor", "cat");
  const page = await session(t);
  const shape = (): Promise<string> =>
    page.evaluate(
      () =>
        document.querySelector("remote-desktop")?.shadowRoot?.querySelector<HTMLElement>(".picture")?.style.cursor ??
        "",
    );
  const over = async (x: number, y: number, settled: (now: string) => boolean): Promise<string> => {
    const at = await placeOf(page, x, y, SIZE);
    await page.mouse.move(at.x, at.y);
    await until("the shape", async () => settled(await shape()));
    return shape();
  };
  const inTerminal = await over(200, 200, (now) => now.startsWith('url("data:image/png'));
  await over(1020, 630, (now) => now !== inTerminal);
  await over(200, 200, (now) => now === inTerminal);
});

test("a wrong password is said so, and asked for again", async (t) => {
  const context = await browser.newContext({ locale: "en" });
  t.after(() => context.close());
  const page = await context.newPage();
  await page.goto(`${servers.url}/connect/${host.id}`);
  // A link fills in the field, and that is all; what the person started outlives a reload.
  await page.getByText("A link filled this in").waitFor();
  await page.getByRole("button", { name: "Connect" }).click();
  await page.getByLabel("Password", { exact: true }).waitFor();
  await page.reload();
  await page.getByLabel("Password", { exact: true }).fill("wrong123");
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByText("That was not the right password").waitFor();
  await page.getByLabel("Password", { exact: true }).fill(await host.freshPassword());
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByRole("toolbar").waitFor();
});

test("an unknown ID is said so, in Polish to a Polish browser", async (t) => {
  const context = await browser.newContext({ locale: "pl-PL" });
  t.after(() => context.close());
  const page = await context.newPage();
  await page.goto(`${servers.url}/connect/999999999`);
  await page.getByRole("button", { name: "Połącz" }).click();
  await page.getByText("Nieznane ID").waitFor();
});

test("a relay that goes away in mid-session ends it with the right words and no key left pressed", async (t) => {
  const page = await session(t);
  const at = await placeOf(page, 300, 300, SIZE);
  await page.mouse.click(at.x, at.y);
  await page.keyboard.down("Shift");
  await page.keyboard.down("Control");
  await until("two keys down", async () => (await pressedKeys(shared.display)) === 2);
  await servers.relay[Symbol.asyncDispose]();
  await page.getByText("The connection was lost").waitFor();
  await until("no key down", async () => (await pressedKeys(shared.display)) === 0);
});
