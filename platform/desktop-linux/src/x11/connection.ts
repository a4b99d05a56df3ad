/// <reference path="./x11.d.ts" />
import x11, { type Callback, type Client, type Display, type Screen, type Transport, type XEvent } from "x11";
import { DesktopError } from "../errors.ts";
import { type Cookie, cookieFor } from "./cookie.ts";

/** A server that says nothing for so long after our end of the connection was closed is cut off, ms. */
const CLOSE_WITHIN = 1_000;

/** A connection to an X server: requests as promises, and one place that learns of its end. */
export class X11Connection implements AsyncDisposable {
  readonly client: Client;
  readonly display: Display;
  readonly screen: Screen;
  /** Rejects when the connection has ended; never resolves. */
  readonly lost: Promise<never>;
  readonly #stream: Transport;
  readonly #closed: Promise<void>;
  readonly #unanswered = new Set<(error: DesktopError) => void>();
  readonly #listeners = new Set<(event: XEvent) => void>();
  #end: DesktopError | undefined;

  private constructor(display: Display, screen: Screen, stream: Transport) {
    this.display = display;
    this.client = display.client;
    this.screen = screen;
    this.#stream = stream;
    // The package would share what one server calls its atoms with the connections to all others.
    this.client.atoms = { ...this.client.atoms };
    const { promise, reject } = Promise.withResolvers<never>();
    this.lost = promise;
    // Not everybody looks at it.
    promise.catch(() => undefined);
    this.#unanswered.add(reject);
    this.client.on("event", (event) => {
      for (const listener of this.#listeners) listener(event);
    });
    // The transport and not the client, which keeps silent about a reset.
    this.#closed = new Promise((resolve) => {
      stream.once("close", () => {
        this.#over("the X server closed the connection");
        resolve();
      });
    });
    if (stream.destroyed) this.#over("the X server closed the connection");
  }

  /** `name`: as in DISPLAY. `cookie`: instead of what ~/.Xauthority has. Rejects with DesktopError no-display. */
  static async open(
    name: string,
    options: { readonly cookie?: Cookie; readonly signal?: AbortSignal } = {},
  ): Promise<X11Connection> {
    const { signal } = options;
    // The package would look for a display by itself.
    if (name === "") throw new DesktopError("no-display", "no display was named");
    const cookie = options.cookie ?? (await cookieFor());
    signal?.throwIfAborted();
    const display = await connect(name, cookie, signal);
    const { stream, screenNum } = display.client;
    const screen = display.screen[Number(screenNum)];
    if (stream !== undefined && screen !== undefined) return new X11Connection(display, screen, stream);
    stream?.destroy();
    throw new DesktopError("no-display", `display ${name} has no such screen`);
  }

  get root(): number {
    return this.screen.root;
  }

  onEvent(listener: (event: XEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The answer of a request. Rejects with DesktopError: refused, or lost when the connection ends before it. */
  ask<T>(request: (callback: Callback<T>) => void): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#end !== undefined) throw this.#end;
      this.#unanswered.add(reject);
      request((error, value) => {
        this.#unanswered.delete(reject);
        if (error) reject(new DesktopError("refused", "the X server refused a request", { cause: error }));
        else resolve(value);
        return true;
      });
    });
  }

  /** Loads an extension. Rejects with DesktopError unsupported when the server lacks it. */
  async extension<T>(name: string): Promise<T> {
    try {
      return await this.ask<T>((callback) => this.client.require(name, callback as Callback<never>));
    } catch (cause) {
      if (this.#end !== undefined) throw this.#end;
      throw new DesktopError("unsupported", `the X server has no ${name}`, { cause });
    }
  }

  /** Resolves when everything sent so far has been processed. */
  async flushed(): Promise<void> {
    await this.ask((callback) => this.client.GetInputFocus(callback));
  }

  /** Whoever waits for an answer gets DesktopError lost. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#end === undefined) {
      this.#over("the connection was closed");
      this.client.terminate();
    }
    const timer = setTimeout(() => this.#stream.destroy(), CLOSE_WITHIN);
    await this.#closed;
    clearTimeout(timer);
  }

  #over(message: string): void {
    this.#end ??= new DesktopError("lost", message);
    for (const reject of this.#unanswered) reject(this.#end);
    this.#unanswered.clear();
    this.#listeners.clear();
  }
}

async function connect(name: string, cookie: Cookie | undefined, signal: AbortSignal | undefined): Promise<Display> {
  const { promise, resolve, reject } = Promise.withResolvers<Display>();
  const fail = (cause: unknown): void => {
    reject(new DesktopError("no-display", `cannot open display ${name}`, { cause }));
  };
  let client: Client | undefined;
  const abandon = (): void => {
    fail(signal?.reason);
    client?.stream?.destroy();
  };
  signal?.addEventListener("abort", abandon);
  try {
    // Our own shared memory is faster than the package's: it needs no copy.
    const settings = { display: name, shm: false as const, ...(cookie && { auth: cookie }) };
    client = x11.createClient(settings, (error, value) => (error ? fail(error) : resolve(value)));
    // Stays for good: errors of single requests come here when nobody asked for their answer, for instance
    // about a window that has gone meanwhile. The end of the connection is seen on the transport.
    client.on("error", fail);
    client.on("connect", () => {
      if (signal?.aborted) abandon();
    });
    return await promise;
  } catch (cause) {
    if (cause instanceof DesktopError) throw cause;
    // A name that is none.
    throw new DesktopError("no-display", `cannot open display ${name}`, { cause });
  } finally {
    signal?.removeEventListener("abort", abandon);
  }
}
