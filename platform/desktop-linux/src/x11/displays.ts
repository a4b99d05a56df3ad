import type { Display, Rect } from "@pulpit/host";
import type { Randr } from "x11";
import { DesktopError } from "../errors.ts";
import type { X11Connection } from "./connection.ts";
import { readMonitors } from "./monitors.ts";
import { clipped } from "./rectangles.ts";

/** As many as a desk may hold; what a server lists beyond is not offered. */
const MAX_DISPLAYS = 16;

/** RandR of this server; undefined when it has none. */
export async function openRandr(connection: X11Connection): Promise<Randr | undefined> {
  try {
    return await connection.extension<Randr>("randr");
  } catch (error) {
    if (error instanceof DesktopError && error.code === "unsupported") return undefined;
    throw error;
  }
}

/**
 * The monitors now, at least one: as RandR 1.5 lists them, else its outputs, else the root window as a whole.
 * Parts outside of the root window are cut off, and of several that show the same only the first counts.
 */
export async function readDisplays(connection: X11Connection, randr: Randr | undefined): Promise<readonly Display[]> {
  const { width, height } = await connection.ask<{ width: number; height: number }>((callback) =>
    connection.client.GetGeometry(connection.root, callback),
  );
  const whole: Rect = { x: 0, y: 0, width, height };
  const displays: Display[] = [];
  for (const display of await listed(connection, randr)) {
    const [inside] = clipped([display], whole);
    if (inside === undefined || displays.length >= MAX_DISPLAYS) continue;
    if (!displays.some((other) => sameRect(other, inside))) displays.push({ ...display, ...inside });
  }
  if (displays.length === 0) displays.push({ ...whole, name: "screen", primary: true });
  // Exactly one is the primary one, whatever the server says.
  const primary = Math.max(
    0,
    displays.findIndex((display) => display.primary),
  );
  return displays.map((display, index) => ({ ...display, primary: index === primary }));
}

async function listed(connection: X11Connection, randr: Randr | undefined): Promise<readonly Display[]> {
  if (randr === undefined) return [];
  const { major_version: major, minor_version: minor } = randr;
  if (major === 1 && minor < 2) return [];
  try {
    return major === 1 && minor < 5 ? await outputs(connection, randr) : await monitors(connection, randr);
  } catch (error) {
    // An output that went away between two questions; its going is told, and everything is asked again.
    if (error instanceof DesktopError && error.code === "refused") return [];
    throw error;
  }
}

async function monitors(connection: X11Connection, randr: Randr): Promise<readonly Display[]> {
  const list = (await readMonitors(connection, randr)).slice(0, MAX_DISPLAYS);
  return Promise.all(
    list.map(async ({ nameAtom, ...monitor }) => {
      const name = await connection.ask<string>((callback) => connection.client.GetAtomName(nameAtom, callback));
      return { ...monitor, name };
    }),
  );
}

async function outputs(connection: X11Connection, randr: Randr): Promise<readonly Display[]> {
  const { root } = connection;
  const resources = await connection.ask<{ outputs: readonly number[] }>((callback) =>
    randr.GetScreenResourcesCurrent(root, callback),
  );
  const first = minorHasPrimary(randr)
    ? await connection.ask<number>((callback) => randr.GetOutputPrimary(root, callback))
    : 0;
  const displays: Display[] = [];
  for (const output of resources.outputs) {
    const { name, crtc } = await connection.ask<{ name: string; crtc: number }>((callback) =>
      randr.GetOutputInfo(output, 0, callback),
    );
    if (crtc === 0) continue;
    const { x, y, width, height } = await connection.ask<Rect>((callback) => randr.GetCrtcInfo(crtc, 0, callback));
    displays.push({ x, y, width, height, name, primary: output === first });
  }
  return displays;
}

const minorHasPrimary = ({ minor_version: minor }: Randr): boolean => minor >= 3;

function sameRect(a: Rect, b: Rect): boolean {
  return a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;
}
