/// <reference path="./x11.d.ts" />
import x11, { type Callback, type Client, type Display, type Screen, type XEvent } from "x11";
import { DesktopError } from "../errors.ts";

/** A connection to an X server: requests as promises, and one place that learns of its end. */
export class X11Connection implements AsyncDisposable {
  readonly client: Client;
  readonly display: Display;
  readonly screen: Screen;
  readonly #lost = Promise.withResolvers<never>();
  readonly #listeners = new Set<(event: XEvent) => void>();
  #closed = false;

  private constructor(display: Display) {
    this.display = display;
    this.client = display.client;
    this.screen = display.screen[0] as Screen;
    this.#lost.promise.catch(() => undefined);
    this.client.on("event", (event) => {
      for (const listener of this.#listeners) listener(event);
    });
    // Errors of single requests come here when nobody asked for their answer; a window may have gone meanwhile.
    this.client.on("error", () => undefined);
    const ended = (): void => this.#lost.reject(new DesktopError("lost", "the X server closed the connection"));
    this.client.on("end", ended);
    this.client.on("close", ended);
  }

  /** `name`: as in DISPLAY. Rejects with DesktopError no-display. */
  static async open(name: string): Promise<X11Connection> {
    const display = await new Promise<Display>((resolve, reject) => {
      const fail = (cause: unknown): void =>
        reject(new DesktopError("no-display", `cannot open display ${name}`, { cause }));
      try {
        // Our own shared memory is faster than the package's: it needs no copy.
        const client = x11.createClient({ display: name, shm: false }, (error, value) =>
          error ? fail(error) : resolve(value),
        );
        client.on("error", fail);
      } catch (cause) {
        fail(cause);
      }
    });
    return new X11Connection(display);
  }

  get root(): number {
    return this.screen.root;
  }

  /** Rejects when the server is gone; never resolves. */
  get lost(): Promise<never> {
    return this.#lost.promise;
  }

  onEvent(listener: (event: XEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The answer of a request. Rejects with DesktopError when the server refuses or is gone. */
  ask<T>(request: (callback: Callback<T>) => void): Promise<T> {
    const answer = new Promise<T>((resolve, reject) => {
      request((error, value) => {
        if (error) reject(new DesktopError("unsupported", "the X server refused a request", { cause: error }));
        else resolve(value);
      });
    });
    return Promise.race([answer, this.lost]);
  }

  /** Loads an extension. Rejects with DesktopError unsupported when the server lacks it. */
  async extension<T>(name: string): Promise<T> {
    try {
      return await this.ask<T>((callback) => this.client.require(name, callback as Callback<never>));
    } catch (cause) {
      throw new DesktopError("unsupported", `the X server has no ${name}`, { cause });
    }
  }

  /** Resolves when everything sent so far has been processed. */
  async flushed(): Promise<void> {
    await this.ask((callback) => this.client.GetInputFocus(callback));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.client.terminate();
  }
}
