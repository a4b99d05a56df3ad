import type { Backend } from "@pulpit/host";
import { DesktopError } from "./errors.ts";
import { X11Connection } from "./x11/connection.ts";
import { type OpenVideo, openX11Desktop } from "./x11/desktop.ts";

/** A server that has not answered by then is taken for absent, ms. */
const ANSWER_WITHIN = 5_000;

/** The part of the environment that says where a desktop is. */
export interface DesktopEnvironment {
  readonly DISPLAY?: string | undefined;
}

/** The ways to reach a desktop on Linux, the best one first. */
export function linuxBackends(env: DesktopEnvironment, openVideo: OpenVideo): readonly Backend[] {
  return [
    {
      name: "x11",
      suits: () => x11Suits(env),
      open: () => openX11Desktop({ display: env.DISPLAY ?? "", openVideo }),
    },
  ];
}

/** Whether DISPLAY names an X server that lets us in. */
export async function x11Suits(env: DesktopEnvironment): Promise<boolean> {
  return env.DISPLAY !== undefined && env.DISPLAY !== "" && (await x11Answers(env.DISPLAY));
}

/** Whether there is an X server behind this name that lets us in. */
export async function x11Answers(display: string): Promise<boolean> {
  try {
    await using connection = await X11Connection.open(display, { signal: AbortSignal.timeout(ANSWER_WITHIN) });
    return connection.root !== 0;
  } catch (error) {
    if (error instanceof DesktopError) return false;
    throw error;
  }
}
