import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import type { Rect } from "@pulpit/host";
import { X11Connection } from "../src/x11/connection.ts";

/** Why a test is to be skipped: programs that are not here. */
export function lacks(...programs: readonly string[]): string | false {
  const missing = programs.filter((program) => !onPath(program));
  return missing.length > 0 && `not installed: ${missing.join(", ")}`;
}

function onPath(program: string): boolean {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Somebody at the machine who draws; what was drawn vanishes when they leave. */
export class Painter implements AsyncDisposable {
  readonly #connection: X11Connection;

  private constructor(connection: X11Connection) {
    this.#connection = connection;
  }

  static async at(display: string): Promise<Painter> {
    return new Painter(await X11Connection.open(display));
  }

  /** Puts a window of one colour (0xRRGGBB) there; resolves when it is on the screen. */
  async paint({ x, y, width, height }: Rect, colour: number): Promise<void> {
    const { client, root } = this.#connection;
    const id = client.AllocID();
    const values = { backgroundPixel: colour, overrideRedirect: 1 };
    client.CreateWindow(id, root, x, y, width, height, 0, 0, 0, 0, values);
    client.MapWindow(id);
    await this.#connection.flushed();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#connection[Symbol.asyncDispose]();
  }
}

/** Whether nothing comes of the promise within this time, ms. */
export async function staysPending(promise: Promise<unknown>, ms: number): Promise<boolean> {
  const { promise: timeout, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(true), ms);
  const settled = await Promise.race([promise.then(() => false), timeout]);
  clearTimeout(timer);
  return settled;
}

/** Waits until it is so, up to 10 s. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; !(await isSo()); i++) {
    if (i >= 200) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
