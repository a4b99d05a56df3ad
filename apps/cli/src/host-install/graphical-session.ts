import { open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** More processes than these are not looked at. */
const MAX_PROCESSES = 10_000;
/** Of the environment of a process, bytes: Linux allows 128 KiB for one variable, and they come in any order. */
const MAX_ENVIRONMENT = 256 * 1024;

/** What a program needs in order to be part of a session with a screen. */
const TAKEN = [
  "DISPLAY",
  "XAUTHORITY",
  "WAYLAND_DISPLAY",
  "DBUS_SESSION_BUS_ADDRESS",
  "XDG_RUNTIME_DIR",
  "XDG_SESSION_ID",
  "XDG_SESSION_TYPE",
  "XDG_CURRENT_DESKTOP",
] as const;

/** Variables of a session; DISPLAY is among them. */
export type SessionVariables = Readonly<Record<string, string>> & { readonly DISPLAY: string };

/**
 * Sessions with a screen that a user's processes are in, those at the computer itself before others. They may be over:
 * a process can outlive its session. `proc`: where proc(5) is.
 */
export async function graphicalSessions(proc: string, uid: number): Promise<readonly SessionVariables[]> {
  const numbers = (await readdir(proc)).filter((name) => /^\d+$/.test(name)).slice(0, MAX_PROCESSES);
  const found = new Map<string, { readonly session: SessionVariables; readonly seated: boolean }>();
  for (const number of numbers) {
    const variables = await environmentOf(join(proc, number), uid);
    const { DISPLAY, XAUTHORITY = "" } = variables;
    // Not those of other computers, such as the ones that ssh forwards.
    if (DISPLAY === undefined || !/^:\d+(\.\d+)?$/.test(DISPLAY)) continue;
    const taken = TAKEN.flatMap((name) => (variables[name] === undefined ? [] : [[name, variables[name]]]));
    const session: SessionVariables = { ...Object.fromEntries(taken), DISPLAY };
    const seated = variables.XDG_SEAT !== undefined || /^(x11|wayland)$/.test(variables.XDG_SESSION_TYPE ?? "");
    const key = `${DISPLAY} ${XAUTHORITY}`;
    const known = found.get(key);
    if (known === undefined || (seated && !known.seated)) found.set(key, { session, seated });
  }
  return [...found.values()].sort((a, b) => Number(b.seated) - Number(a.seated)).map(({ session }) => session);
}

/** The variables a process was started with; none when it is somebody else's or just ending. */
async function environmentOf(folder: string, uid: number): Promise<Readonly<Record<string, string | undefined>>> {
  try {
    if ((await stat(folder)).uid !== uid) return {};
    await using file = await open(join(folder, "environ"), "r");
    const bytes = Buffer.alloc(MAX_ENVIRONMENT);
    let length = 0;
    // Files of proc(5) come in pieces.
    for (;;) {
      const { bytesRead } = await file.read(bytes, length, bytes.length - length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    const lines = bytes.toString("utf8", 0, length).split("\0");
    const pairs = lines.filter((line) => line.indexOf("=") > 0);
    return Object.fromEntries(
      pairs.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
    );
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ESRCH" || code === "EACCES" || code === "EPERM") return {};
    throw error;
  }
}
