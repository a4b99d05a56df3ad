import type { Display } from "@pulpit/host";
import type { Randr } from "x11";
import { DesktopError } from "../errors.ts";
import type { X11Connection } from "./connection.ts";

/** RRSelectInput: screen, CRTC and output changes. */
const RANDR_CHANGES = 1 | 2 | 4;
const CONNECTED = 0;

/** Monitors by RandR; without it, or without any that is on, the root window as one. */
export async function readDisplays(connection: X11Connection): Promise<readonly Display[]> {
  const { screen, root } = connection;
  const whole: Display = {
    x: 0,
    y: 0,
    width: screen.pixel_width,
    height: screen.pixel_height,
    name: "screen",
    primary: true,
  };
  const randr = await randrOf(connection);
  if (randr === undefined) return [whole];
  const resources = await connection.ask<{ outputs: readonly number[] }>((callback) =>
    randr.GetScreenResourcesCurrent(root, callback),
  );
  const displays: Display[] = [];
  for (const output of resources.outputs) {
    const info = await connection.ask<{ name: string; crtc: number; connection: number }>((callback) =>
      randr.GetOutputInfo(output, 0, callback),
    );
    if (info.crtc === 0 || info.connection !== CONNECTED) continue;
    const { x, y, width, height } = await connection.ask<Display>((callback) =>
      randr.GetCrtcInfo(info.crtc, 0, callback as never),
    );
    if (width > 0 && height > 0)
      displays.push({ x, y, width, height, name: info.name, primary: displays.length === 0 });
  }
  return displays.length > 0 ? displays : [whole];
}

/** Calls back when monitors may have changed; returns its cancellation. */
export async function watchDisplays(connection: X11Connection, changed: () => void): Promise<() => void> {
  const randr = await randrOf(connection);
  if (randr === undefined) return () => undefined;
  randr.SelectInput(connection.root, RANDR_CHANGES);
  return connection.onEvent((event) => {
    if (event.name?.startsWith("RR") || event.name === "ScreenChangeNotify" || event.name === "CrtcChangeNotify")
      changed();
  });
}

async function randrOf(connection: X11Connection): Promise<Randr | undefined> {
  try {
    return await connection.extension<Randr>("randr");
  } catch (error) {
    if (error instanceof DesktopError && error.code === "unsupported") return undefined;
    throw error;
  }
}
