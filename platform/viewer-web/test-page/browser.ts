import type { Codec } from "@pulpit/protocol";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import type { SentUnit } from "./page.ts";
import { fromPng, type Picture } from "./pictures.ts";
import { servePage } from "./serve.ts";

const SWITCHES = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
];

interface Cleanup {
  after(fn: () => Promise<void>): void;
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A real browser and the test page. */
export class TestBrowser implements AsyncDisposable {
  readonly url: string;
  readonly #browser: Browser;
  readonly #stack: AsyncDisposableStack;

  private constructor(browser: Browser, url: string, stack: AsyncDisposableStack) {
    this.#browser = browser;
    this.url = url;
    this.#stack = stack;
  }

  static async start(): Promise<TestBrowser> {
    const stack = new AsyncDisposableStack();
    const { url } = stack.use(await servePage());
    const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: SWITCHES });
    stack.defer(() => browser.close());
    return new TestBrowser(browser, url, stack);
  }

  /** The test page, closed after the test. */
  async open(t: Cleanup, options: BrowserContextOptions = {}): Promise<TestPage> {
    const context = await this.#browser.newContext({ viewport: { width: 1400, height: 800 }, ...options });
    t.after(() => context.close());
    const page = await context.newPage();
    await page.goto(this.url);
    return new TestPage(page);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync();
  }
}

/** One page with an element on it. */
export class TestPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** `size`: of the one display. `inline`: decode on the page, as a page without workers does. */
  async show(
    size: { readonly width: number; readonly height: number },
    fit: "contain" | "original" = "original",
    options: { readonly x?: number; readonly y?: number; readonly inline?: boolean } = {},
  ): Promise<void> {
    const { x = 0, y = 0, inline = false } = options;
    const display = { x, y, ...size, name: "one" };
    await this.page.evaluate(([display, fit, inline]) => window.bench.start([display], fit, inline), [
      display,
      fit,
      inline,
    ] as const);
  }

  /** The display has another size from now on. */
  async resize(width: number, height: number): Promise<void> {
    await this.page.evaluate(([width, height]) => window.bench.resize(width, height), [width, height] as const);
  }

  /** What the sink says to these pictures. */
  async feed(codec: Codec, stream: readonly (readonly SentUnit[])[]): Promise<string[]> {
    return this.page.evaluate(([stream, codec]) => window.bench.feed(stream, codec), [stream, codec] as const);
  }

  /** Where the remote picture is on the page. */
  async box(): Promise<Box> {
    return this.page.evaluate(() => {
      const { left, top, width, height } = window.bench.inShadow(".picture").getBoundingClientRect();
      return { left, top, width, height };
    });
  }

  /** What the person sees. */
  async seen(part?: Box): Promise<Picture> {
    const clip = part && { x: part.left, y: part.top, width: part.width, height: part.height };
    return fromPng(await this.page.screenshot(clip === undefined ? {} : { clip }));
  }

  /** What was asked of the session since the last call. */
  async calls(): Promise<unknown[][]> {
    return this.page.evaluate(() => window.bench.calls.splice(0));
  }

  /** The same, of some commands only. */
  async callsOf(...names: string[]): Promise<string[]> {
    const calls = await this.calls();
    return calls.filter(([name]) => names.includes(name as string)).map((call) => call.join(" "));
  }
}
